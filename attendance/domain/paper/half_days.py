"""The half-days that a session touches: on paper people sign once in each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

#: Hours of the day, from and to. What lies between two of them, as lunch does, asks for no
#: signature of its own; an evening lasts until the small hours.
_PARTS: Final = (("morning", 5, 12), ("afternoon", 13, 18), ("evening", 19, 29))


@dataclass(frozen=True)
class HalfDay:
    """`part`: morning, afternoon or evening."""

    day: date
    part: str


def half_days_of(*, starts_at: datetime, ends_at: datetime) -> list[HalfDay]:
    """Return the half-days, in local time, that a session touches; at least one.

    Who meets at lunch time alone signs for the afternoon.
    """
    begin, end = (timezone.make_naive(moment) for moment in (starts_at, ends_at))
    to_come = [
        (half_day, starts) for half_day, starts, ends in _calendar(begin, end) if ends > begin
    ]
    touched = [half_day for half_day, starts in to_come if starts < end]
    return touched or [to_come[0][0]]


def _calendar(begin: datetime, end: datetime) -> Iterator[tuple[HalfDay, datetime, datetime]]:
    day = begin.date() - timedelta(days=1)
    while day <= end.date():
        midnight = datetime.combine(day, time.min)
        for part, first, last in _PARTS:
            hours = timedelta(hours=first), timedelta(hours=last)
            yield HalfDay(day, part), midnight + hours[0], midnight + hours[1]
        day += timedelta(days=1)
