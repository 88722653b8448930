"""Days and hours on the clock of the place, as moments."""

from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Q
from django.utils.timezone import make_aware

#: A plan or a report beyond these is a slip such as 0026 or 20266 in a year.
NEAR_YEARS: Final = range(2000, 2101)


def local_moment(day: date, at: time = time.min) -> datetime:
    """Return the moment of an hour of a day in local time; without an hour when the day begins."""
    return make_aware(datetime.combine(day, at))


def days_q(field: str, first: date | None, last: date | None) -> Q:
    """Return the rows whose moment `field` lies on these days, both counted; None: without an end.

    Nor have the first and the last of all days an end: in UTC they reach beyond the calendar.
    """
    found = Q()
    if first and first > date.min:
        found &= Q(**{f"{field}__gte": local_moment(first)})
    if last and last < date.max:
        found &= Q(**{f"{field}__lt": local_moment(last + timedelta(days=1))})
    return found
