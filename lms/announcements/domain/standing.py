"""Where an announcement stands, and what became of each of its messages."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.announcements.domain.writing import find_group
from lms.announcements.enums import AnnouncementState
from lms.announcements.models import Announcement
from lms.notifications.enums import PEOPLE, UNDELIVERED_STATES, ReminderState
from lms.notifications.models import Reminder

_READ: Final = Q(notice__read_at__isnull=False)
_TO_CALL: Final = Q(state__in=UNDELIVERED_STATES) | Q(state=ReminderState.PLANNED, way=PEOPLE)


@dataclass(frozen=True)
class Outcome:
    """How many messages by this way are in this state."""

    label: str
    way: str
    count: int


def state_of(announcement: Announcement) -> AnnouncementState:
    """Return where one of `tell_leaving` stands; at night all of a message may still wait."""
    if announcement.stopped_because:
        return AnnouncementState.STOPPED
    if announcement.withdrawn_at is not None:
        return AnnouncementState.WITHDRAWN
    if announcement.published_at is None:
        return AnnouncementState.WAITING
    is_leaving = announcement.__dict__["is_leaving"]
    return AnnouncementState.LEAVING if is_leaving else AnnouncementState.OUT


def recipients_by_state(*, announcement: Announcement) -> Sequence[Outcome]:
    """Return the counts; one query. They add up to everybody who is told.

    Whoever has to be called is told apart from the start: nothing is sent to them later.
    """
    rows = _rows(announcement).order_by("state", "way").values_list("state", "way")
    counted: Counter[tuple[str, str]] = Counter()
    for state, way, number in rows.annotate(n=Count("pk")):
        is_call = (state, way) == (ReminderState.PLANNED, PEOPLE)
        counted[ReminderState.UNREACHABLE if is_call else state, way] += number
    return [Outcome(str(ReminderState(state).label), way, n) for (state, way), n in counted.items()]


def read_count(*, announcement: Announcement) -> int:
    """Return how many have read it in the site; whoever read it elsewhere cannot be known."""
    return _rows(announcement).filter(_READ).count()


def unreached(*, announcement: Announcement, reader: User) -> QuerySet[Reminder]:
    """Return the messages that nobody got, or perhaps nobody, or that no way will bring to anybody:
    somebody has to call. Of people in the reader's sight.
    """
    return _in_sight(announcement, reader).filter(_TO_CALL)


def read_by(*, announcement: Announcement, reader: User) -> QuerySet[Reminder]:
    """Return the messages that were read in the site, of people in the reader's sight."""
    return _in_sight(announcement, reader).filter(_READ)


def _in_sight(announcement: Announcement, reader: User) -> QuerySet[Reminder]:
    """Return those to people in the reader's area, and to the group as far as the reader may write to it
    today: who has left a class knows its people no more.
    """
    in_sight = Q(pk__in=Reminder.objects.visible_to(reader).values("pk"))
    group = find_group(
        audience=announcement.audience, params=announcement.params, by=reader, remind=False
    )
    if group is not None:
        in_sight |= Q(user__in=group.people.values("pk"))
    rows = _rows(announcement).filter(in_sight)
    return rows.select_related("user").order_by("user__sort_key", "pk")


def may_withdraw(announcement: Announcement) -> bool:
    """Return whether something of it has still to go out."""
    return state_of(announcement) in {AnnouncementState.WAITING, AnnouncementState.LEAVING}


def why_stopped(announcement: Announcement) -> str:
    """Say why it did not go out by itself; nothing where it did, or where a person withdrew it."""
    reasons = {
        "nobody": _("There was nobody to be told any more."),
        "no_group": _("Whoever wrote it may no longer write to these people."),
        "run_cancelled": _("The class was cancelled meanwhile."),
        "switched_off": _("An administrator had switched announcements off."),
    }
    reason = announcement.stopped_because
    return reasons.get(reason, reason)


def _rows(announcement: Announcement) -> QuerySet[Reminder]:
    return Reminder.objects.filter(announced__announcement=announcement)
