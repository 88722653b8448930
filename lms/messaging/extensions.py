"""The ways out of the suite, behind one small protocol.

Whoever adds a way writes a `Channel` (a `PlainChannel` with what differs) and registers one instance
of it in `AppConfig.ready()`: `channels.register(MailChannel())`. Log-in codes and reminders then know it by its key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from django.db.models import Q
from django.utils.functional import Promise

from lms.core.logs import PERSONAL
from lms.core.registry import Registry
from lms.messaging.enums import Outcome

DETAIL_LENGTH: Final = 500
#: How long the number of a message at a provider is kept.
REFERENCE_LENGTH: Final = 200


def storable(text: str, length: int) -> str:
    """Return the words of a provider as far as they can be stored: without zeros and halves of letters, and
    so many signs of them.
    """
    return text.replace("\0", "").encode(errors="replace").decode()[:length]


class Reachable(Protocol):
    """What of a person a way looks at to find the address."""

    @property
    def email(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...


@dataclass(frozen=True)
class CalendarPart:
    """An event that a mail program takes up by itself: which, REQUEST or CANCEL, the iCalendar text."""

    uid: str
    method: str
    text: str


@dataclass(frozen=True)
class Letter:
    """One message to one address.

    `key` stays the same for every try, so that a provider or a mailbox can tell a repeat.
    `short` is what goes where signs are counted; a way that has room takes subject and text, which
    are empty for a `Channel` that takes the short form.
    `name` is whom it greets, `url` the page that it is about, `language` what it is written in.
    """

    to: str
    key: str
    subject: str
    text: str
    short: str
    html: str = ""
    calendar: CalendarPart | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    url: str = ""
    language: str = ""


@dataclass(frozen=True)
class Answer:
    """What came of a try. `detail` names no person and no address.

    `reference` is what a receipt will call the message. Where the line does not stand any more,
    the fault is the provider's and not this message's: nothing more goes over it for now.
    """

    outcome: Outcome
    detail: str = ""
    reference: str = ""
    line_stands: bool = True

    def __post_init__(self) -> None:
        detail = storable(PERSONAL.sub("[…]", self.detail), DETAIL_LENGTH)
        object.__setattr__(self, "detail", detail)
        object.__setattr__(self, "reference", storable(self.reference, REFERENCE_LENGTH))


class Line(Protocol):
    """A connection that is opened once for many messages."""

    def open(self) -> Answer | None:
        """Connect, or stay connected; else return why not: NOT_NOW, nothing was handed over."""

    def send(self, letter: Letter) -> Answer:
        """Hand one message over; comes back within the time limit of the way."""

    def close(self) -> None:
        """Hang up; never raises."""


class Channel(Protocol):
    """A way to people."""

    @property
    def key(self) -> str:
        """Return at most 10 characters; stored, so it never changes."""

    @property
    def label(self) -> str | Promise:
        """Return what staff call it."""

    @property
    def carries_codes(self) -> bool:
        """Return whether a code for the log-in may go this way: not where one has to be logged in."""

    @property
    def takes_short_form(self) -> bool:
        """Return whether subject and short form are all that goes this way: no text is made then."""

    def is_configured(self) -> bool:
        """Return whether this installation has it."""

    def daily_limit(self) -> int | None:
        """Return how many messages a day may go this way; None: as many as there are."""

    def price(self) -> int | None:
        """Return what one message (of SMS: one part) costs, in dong; None: not known, or nothing."""

    def most_parts(self) -> int:
        """Return as how many messages one is paid for at most."""

    def address_of(self, person: Reachable) -> str | None:
        """Return where the person can be reached this way."""

    def may_reach(self, path: str) -> Q:
        """Return the rows at whose `path` a person stands who may have an address of this way: all for
        whom `address_of` knows one, so that whoever has none need not be loaded.
        """

    def line(self) -> Line: ...


class PlainChannel:
    """What most ways have in common: no code for the log-in, no limit, no price, one part a message."""

    carries_codes = False
    takes_short_form = False

    def daily_limit(self) -> int | None:
        return None

    def price(self) -> int | None:
        return None

    def most_parts(self) -> int:
        return 1

    def may_reach(self, path: str) -> Q:
        return Q()


channels: Registry[Channel] = Registry("channels")


def configured_channels() -> list[Channel]:
    """Return the ways that this installation has, in the order of registration."""
    return [channel for channel in channels if channel.is_configured()]
