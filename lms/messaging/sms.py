"""Short messages: what a gateway must do, how long a text is, and a stand-in for trials."""

import time
import uuid
from typing import Final, Protocol

from django.conf import settings

from lms.core.text import unmarked

# GSM 03.38: what a short message holds without going over to two bytes a letter.
_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# These take two places.
_EXTENDED: Final = frozenset("^{}\\[~]|€\f")
# Signs of a message that stands alone, and of each part of a longer one.
_PLAIN: Final = (160, 153)
_MARKED: Final = (70, 67)
# What comes after it takes two places of UTF-16: an emoji.
_LAST_OF_ONE_PLACE: Final = "\uffff"
# What is longer is an address: no word of ours.
LONGEST_WORD: Final = 20


class SmsNotAcceptedError(Exception):
    """The gateway answered, and certainly took nothing.

    `for_good`: neither now nor later. `gateway_at_fault`: the next message would fare the same.
    """

    def __init__(
        self, detail: str = "", *, for_good: bool = False, gateway_at_fault: bool = False
    ) -> None:
        super().__init__(detail)
        self.for_good, self.gateway_at_fault = for_good, gateway_at_fault


class SmsNotReachedError(Exception):
    """There was no connection: nothing was handed over."""


class SmsGateway(Protocol):
    """Made without arguments from the class that SUITE_SMS_GATEWAY names."""

    def send(self, *, to: str, text: str, key: str, timeout: float) -> str:
        """Hand one message over; return what a receipt will call it, or nothing.

        `to` is +84…; `key` is the same for every try at one message. Raises SmsNotAcceptedError
        when the gateway said no, SmsNotReachedError when there was no connection, and OSError
        (TimeoutError after `timeout` seconds) when it may have taken the message.
        """


class FolderGateway:
    """Each message a file in SUITE_SMS_FOLDER, for trials and tests.

    SUITE_SMS_MISBEHAVIOUR makes it behave as gateways do on a bad day: `refuse`, `hang`,
    `double`.
    """

    def send(self, *, to: str, text: str, key: str, timeout: float) -> str:
        if settings.SUITE_SMS_MISBEHAVIOUR == "refuse":
            raise SmsNotAcceptedError("refused", for_good=True)
        if settings.SUITE_SMS_MISBEHAVIOUR == "hang":
            time.sleep(timeout)
            raise TimeoutError
        settings.SUITE_SMS_FOLDER.mkdir(parents=True, exist_ok=True)
        for _copy in range(2 if settings.SUITE_SMS_MISBEHAVIOUR == "double" else 1):
            name = f"{time.time_ns()}-{uuid.uuid4().hex[:8]}.txt"
            (settings.SUITE_SMS_FOLDER / name).write_text(f"{to}\n{text}\n", encoding="utf-8")
        return key


def count_parts(text: str) -> int:
    """Return as how many messages the text is sent, and paid for."""
    widths, (alone, part) = _measure(text)
    if sum(widths) <= alone:
        return 1
    parts, used = 1, 0
    for width in widths:
        # What takes two places is never cut in two: the last place of a part stays empty.
        if used + width > part:
            parts, used = parts + 1, 0
        used += width
    return parts


def count_places(text: str) -> int:
    """Return how many of the 160 or 70 places of a message the text takes."""
    return sum(_measure(text)[0])


def fit(text: str, *, parts: int, marks: bool) -> str:
    """Return the text as it is sent: without marks unless `marks`, cut to so many parts."""
    said = " ".join(text.split())
    said = said if marks else unmarked(said)
    if count_parts(said) <= parts:
        return said
    low, high = 0, len(said)
    while low < high:
        middle = (low + high + 1) // 2
        if count_parts(_cut(said, middle)) <= parts:
            low = middle
        else:
            high = middle - 1
    return _cut(said, _end_of_word(said, low))


def _end_of_word(text: str, length: int) -> int:
    """Return where the last whole word within so many signs ends; an address is cut where it is."""
    end = length if text[length : length + 1] == " " else text.rfind(" ", 0, length)
    return end if end >= length - LONGEST_WORD else length


def _cut(text: str, length: int) -> str:
    return f"{text[:length].rstrip(' ,;:')}..."


def _measure(text: str) -> tuple[list[int], tuple[int, int]]:
    """Return how many places of its alphabet each sign takes, and how many a message has."""
    if all(sign in _BASIC or sign in _EXTENDED for sign in text):
        return [1 + (sign in _EXTENDED) for sign in text], _PLAIN
    return [1 + (sign > _LAST_OF_ONE_PLACE) for sign in text], _MARKED
