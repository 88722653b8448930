"""Whatever a rule would send: what planning writes and what the preview counts are this one list."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from lms.accounts.models import User
from lms.notifications.domain.audience import classes_meant, is_about, people_meant
from lms.notifications.domain.hours import best_moment, open_hours
from lms.notifications.domain.preferences import wishes_of
from lms.notifications.domain.ways import choose_way, know_people
from lms.notifications.extensions import AHEAD, PlannedReminder, reminder_kinds
from lms.notifications.models import Reminder, ReminderRule

#: Whatever the number of reminders, so many are held at once.
BATCH: Final = 1000
# A repetition that was not planned in time is left out: the first word was said late enough.
_LATE: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Wanted:
    """One message that a rule would send to a person: when, which time, and by which way."""

    item: PlannedReminder
    occurrence: int
    due_at: datetime
    expires_at: datetime
    user: User
    way: str

    @property
    def key(self) -> tuple[str, int]:
        return self.item.unique_key, self.occurrence


def wanted_reminders(
    *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
) -> Iterator[list[Wanted]]:
    """Yield in batches all that the rule would send to its people until `ahead` from now.

    The kind's queries, and a constant number more for each batch.
    """
    kind = reminder_kinds.get(rule.kind)
    if kind is None:
        return
    classes = classes_meant(rule=rule)
    hours = open_hours(now=now)
    items = kind.plan(rule=rule, now=now, ahead=ahead)
    times = (
        one for item in items if is_about(item, classes=classes) for one in _times(rule, item, now)
    )
    until = now + ahead
    while batch := list(islice(times, BATCH)):
        people = people_meant(
            rule=rule,
            user_ids={item.user_id for item, *_rest in batch},
            today=timezone.localdate(now),
        ).in_bulk()
        ways = _ways(rule, people)
        yield [
            Wanted(
                item,
                number,
                due_at
                if item.urgent
                else best_moment(due_at=due_at, expires_at=expires_at, now=now, hours=hours),
                expires_at,
                person,
                ways[person.pk],
            )
            for item, number, due_at, expires_at in batch
            if (person := people.get(item.user_id)) and (number == 0 or due_at <= until)
        ]


def with_keys(wanted: Iterable[Wanted]) -> QuerySet[Reminder]:
    """Return what there is under these keys, whichever rule of the kind has planned it.

    Asked of one rule, a database that does not know yet how many rows the rule has reads all of them
    for each batch.
    """
    return Reminder.objects.filter(unique_key__in={one.item.unique_key for one in wanted})


def _ways(rule: ReminderRule, people: Mapping[int, User]) -> dict[int, str]:
    """Return the way of each of these people. Two queries; three where devices are messaged."""
    know_people(list(people.values()))
    wishes = wishes_of(pairs={(pk, rule.kind) for pk in people})
    return {
        pk: choose_way(person=person, only=rule.ways, wishes=wishes.get((pk, rule.kind), ()))
        for pk, person in people.items()
    }


def _times(
    rule: ReminderRule, item: PlannedReminder, now: datetime
) -> Iterator[tuple[PlannedReminder, int, datetime, datetime]]:
    """Yield each time the thing is said and until when; the next time takes the place of the last."""
    pause = timedelta(days=rule.repeat_days)
    for number in range(rule.repeat_times + 1):
        due_at = item.due_at + number * pause
        is_last = number == rule.repeat_times
        expires_at = item.expires_at if is_last else min(item.expires_at, due_at + pause)
        if number and (due_at >= item.expires_at or due_at < now - _LATE):
            continue
        if expires_at > now:
            yield item, number, due_at, expires_at
