"""Before anything is sent: how many are reached by which way, at what cost, and who is left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from lms.accounts.models import User
from lms.announcements.domain.rule import rule_of_announcements
from lms.announcements.enums import KIND
from lms.announcements.extensions import Group
from lms.core.local_time import local_moment
from lms.messaging.sms import count_parts, fit
from lms.notifications.domain.preferences import wishes_of
from lms.notifications.domain.ways import choose_way, know_people
from lms.notifications.enums import PEOPLE, ReminderState
from lms.notifications.models import Reminder

# These have told the person something, or are about to.
_TOLD = (
    ReminderState.PLANNED,
    ReminderState.CLAIMED,
    ReminderState.HANDING_OVER,
    ReminderState.SENT,
    ReminderState.UNCERTAIN,
)


@dataclass(frozen=True)
class Recipient:
    """Somebody who will be told, and the way to be used."""

    user_id: int
    way: str


@dataclass(frozen=True)
class Reach:
    """`by_way`: how many, by the key of a way. `told_today` are passed over and not among them."""

    recipients: Sequence[Recipient]
    told_today: int

    @property
    def by_way(self) -> Counter[str]:
        return Counter(one.way for one in self.recipients)

    @property
    def to_call(self) -> int:
        return self.by_way[PEOPLE]


def count_reach(*, group: Group, author: User, remind: bool, now: datetime) -> Reach:
    """Return who of the group is told, each once, by the ways of the rule; five queries.

    Nobody is written to of whom the least is kept, or whose account is closed; the author knows it
    already. Where people are reminded, whoever was reminded today is left in peace.
    """
    people = group.people.filter(is_active=True, is_minimal=False).exclude(pk=author.pk)
    rows = list(people.only("pk", "email", "phone").order_by("pk").distinct())
    know_people(rows)
    told = _told_today(group, people, now) if remind else frozenset[int]()
    wishes = wishes_of(pairs={(row.pk, KIND) for row in rows})
    rule = rule_of_announcements()
    only = rule.ways if rule else ()
    found = [
        Recipient(row.pk, choose_way(person=row, only=only, wishes=wishes.get((row.pk, KIND), ())))
        for row in rows
        if row.pk not in told
    ]
    return Reach(found, told_today=len(rows) - len(found))


def sms_parts(short: str) -> int:
    """Return as how many messages the text is paid for."""
    marks = settings.SUITE_SMS_MARKS
    return count_parts(fit(short, parts=settings.SUITE_SMS_PARTS, marks=marks))


def _told_today(group: Group, people: QuerySet[User], now: datetime) -> frozenset[int]:
    """Return whom somebody reminded by hand today, or whom the suite told of this class."""
    midnight = local_moment(timezone.localdate(now))
    topic = Q(rule__kind=KIND, announced__announcement__is_reminder=True)
    if group.run_id is not None:
        topic |= Q(run_number=group.run_id)
    told = Reminder.objects.filter(
        topic, state__in=_TOLD, due_at__gte=midnight, due_at__lte=now, user__in=people.values("pk")
    )
    return frozenset(told.values_list("user", flat=True))
