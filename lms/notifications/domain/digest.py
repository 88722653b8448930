"""All of a day for one person in one message."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core.models import suite_name
from lms.notifications.domain.texts import fits_sms, in_short
from lms.notifications.extensions import Message
from lms.notifications.models import Reminder

Letter = tuple[Reminder, Message]


@dataclass(frozen=True)
class Digest:
    """What goes in one message each, and what is not due yet and waits for its own time."""

    mails: list[list[Letter]]
    waiting: list[Reminder]


def put_together(letters: Iterable[Letter], *, now: datetime) -> Digest:
    """Return what goes in one message each: all of one person, in the order of the first of it.

    A mail carries one event for the calendar. What tells of a further one goes by itself, and not
    before it is due.
    """
    of_person: dict[int, list[Letter]] = {}
    apart: list[list[Letter]] = []
    waiting: list[Reminder] = []
    for row, message in letters:
        held = of_person.setdefault(row.user_id, [])
        if _fits(message, held):
            held.append((row, message))
        elif row.due_at > now:
            waiting.append(row)
        else:
            apart.append([(row, message)])
    return Digest([*of_person.values(), *apart], waiting)


def _fits(message: Message, held: Iterable[Letter]) -> bool:
    events = {one.calendar.uid for _row, one in held if one.calendar}
    return message.calendar is None or events <= {message.calendar.uid}


def join_messages(messages: Sequence[Message]) -> Message:
    """Return one message that says all of these; of one alone just that."""
    first, *others = messages
    if not others:
        return first
    count = len(messages)
    told = ngettext("%(count)d thing", "%(count)d things", count) % {"count": count}
    parts = [f"{number}. {one.subject}\n\n{one.body}" for number, one in enumerate(messages, 1)]
    return Message(
        subject=_("%(told)s to know: %(first)s …") % {"told": told, "first": first.subject},
        body="\n\n\n".join(parts),
        short=_in_short(messages, told),
        calendar=next((one.calendar for one in messages if one.calendar), None),
        # Each once, in the order in which they are spoken of.
        contacts=list(dict.fromkeys(chain.from_iterable(one.contacts for one in messages))),
    )


def _in_short(messages: Sequence[Message], told: str) -> str:
    """Return the subjects for an SMS, and of each for which there is room all that it says: whoever
    has no other way finds the words of an announcement and the place of a session.
    """
    begun = f"{suite_name()}: {told}: "
    said = [one.subject for one in messages]
    for number, one in enumerate(messages):
        whole = in_short(one).removeprefix(f"{suite_name()}:").strip()
        longer = [*said[:number], whole, *said[number + 1 :]]
        if fits_sms(begun + "; ".join(longer)):
            said = longer
    return begun + "; ".join(said)
