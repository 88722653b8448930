"""The gateway that sends SMS: what one must do, and a stand-in that writes into a folder."""

import time
import uuid
from typing import Protocol

from django.conf import settings


class SmsRefusedError(Exception):
    """The gateway answered, and took nothing."""


class SmsGateway(Protocol):
    """Made without arguments from the class that SUITE_SMS_GATEWAY names."""

    def send(self, *, to: str, text: str, timeout: float) -> None:
        """Hand one message over; `to` is +84…

        Raises SmsRefusedError when the gateway said no, and OSError (TimeoutError after
        `timeout` seconds) when it cannot be reached or does not answer.
        """


class FolderGateway:
    """Each message a file in SUITE_SMS_FOLDER, for trials and tests.

    SUITE_SMS_MISBEHAVIOUR makes it behave as gateways do on a bad day: `refuse`, `hang`,
    `double`.
    """

    def send(self, *, to: str, text: str, timeout: float) -> None:
        if settings.SUITE_SMS_MISBEHAVIOUR == "refuse":
            raise SmsRefusedError
        if settings.SUITE_SMS_MISBEHAVIOUR == "hang":
            time.sleep(timeout)
            raise TimeoutError
        settings.SUITE_SMS_FOLDER.mkdir(parents=True, exist_ok=True)
        for _copy in range(2 if settings.SUITE_SMS_MISBEHAVIOUR == "double" else 1):
            name = f"{time.time_ns()}-{uuid.uuid4().hex[:8]}.txt"
            (settings.SUITE_SMS_FOLDER / name).write_text(f"{to}\n{text}\n", encoding="utf-8")
