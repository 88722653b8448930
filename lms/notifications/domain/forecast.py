"""Before a rule is switched on: whom it would reach, by which way, at what cost, in which words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Final

from django.utils import timezone, translation

from lms.accounts.models import User
from lms.accounts.register.domain.language import language_of
from lms.core.local_time import local_moment
from lms.notifications.domain.texts import ShortText, short_text, write_messages
from lms.notifications.domain.wanted import Wanted, wanted_reminders, with_keys
from lms.notifications.domain.ways import cost_of
from lms.notifications.enums import ReminderState
from lms.notifications.extensions import Message, reminder_kinds
from lms.notifications.models import Reminder, ReminderRule

DAYS: Final = 30
SAMPLES: Final = 3
# Of so many the kind is asked what it would say: of some nothing, since they have done it.
_ASKED: Final = 50


@dataclass(frozen=True)
class Sample:
    """What one person would read."""

    user: User
    way: str
    due_at: datetime
    message: Message
    short: ShortText


@dataclass(frozen=True)
class Forecast:
    """Messages by way, until midnight and until `DAYS` from now; samples for whoever asked.

    What was sent, failed or dropped already is not counted. What turns out to be done by
    then is, since nobody can know it: so many at most.
    """

    today: Counter[str] = field(default_factory=Counter)
    in_days: Counter[str] = field(default_factory=Counter)
    people: int = 0
    samples: tuple[Sample, ...] = ()

    @property
    def parts(self) -> int:
        """As how many messages the longest SMS of the samples is paid for."""
        return max((one.short.parts for one in self.samples), default=1)

    def cost_at_most(self, counts: Counter[str]) -> int | None:
        """Return the cost in dong, as far as prices are set; None where none is."""
        return cost_of(by_way=counts, parts=self.parts)


def forecast(*, rule: ReminderRule, now: datetime, by: User) -> Forecast:
    """Return what the rule, as it stands, would do if it were switched on now."""
    midnight = local_moment(timezone.localdate(now) + timedelta(days=1), time.min)
    until = now + timedelta(days=DAYS)
    today, in_days = Counter[str](), Counter[str]()
    people, shown = set[int](), list[Wanted]()
    for batch in wanted_reminders(rule=rule, now=now, ahead=timedelta(days=DAYS)):
        open_ones = [one for one in _still_open(rule, batch) if one.due_at < until]
        today.update(one.way for one in open_ones if one.due_at < midnight)
        in_days.update(one.way for one in open_ones)
        people |= {one.user.pk for one in open_ones}
        shown += islice(_visible(open_ones, by), _ASKED - len(shown))
    return Forecast(today, in_days, len(people), _samples(rule, shown, now))


def _still_open(rule: ReminderRule, batch: list[Wanted]) -> list[Wanted]:
    """Return those that have not come to an end under this rule."""
    if rule.pk is None:
        return batch
    ended = with_keys(batch).exclude(state__in=(ReminderState.PLANNED, ReminderState.CLAIMED))
    rows = ended.values_list("rule", "unique_key", "occurrence")
    done = {tuple(key) for of_rule, *key in rows if of_rule == rule.pk}
    return [one for one in batch if one.key not in done]


def _visible(wanted: list[Wanted], by: User) -> Iterator[Wanted]:
    """Yield those about people whom the reader may see; no query before the first is asked for."""
    seen = User.objects.visible_to(by).filter(pk__in={one.user.pk for one in wanted})
    visible = set(seen.values_list("pk", flat=True))
    yield from (one for one in wanted if one.user.pk in visible)


def _samples(rule: ReminderRule, wanted: list[Wanted], now: datetime) -> tuple[Sample, ...]:
    """Return what the first of these would read; of each person one."""
    kind = reminder_kinds.get(rule.kind)
    if kind is None or not wanted:
        return ()
    people = User.objects.select_related("wagtail_userprofile").in_bulk(
        {one.user.pk for one in wanted}
    )
    rows = {
        # Never saved: the numbers only tell them apart.
        -number: Reminder(
            pk=-number,
            rule=rule,
            user=people[one.user.pk],
            unique_key=one.item.unique_key,
            payload=one.item.payload,
            way=one.way,
            due_at=one.due_at,
            expires_at=one.expires_at,
        )
        for number, one in enumerate(wanted, start=1)
    }
    messages = write_messages(kind=kind, reminders=list(rows.values()), now=now)
    found: dict[int, Sample] = {}
    for number in sorted(messages, reverse=True):
        row, said = rows[number], messages[number]
        with translation.override(language_of(row.user)):
            short = short_text(said)
        found.setdefault(row.user_id, Sample(row.user, row.way, row.due_at, said, short))
    return tuple(found.values())[:SAMPLES]
