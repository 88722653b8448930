"""The periods of reports: which days they have, and what they are called."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from lms.core.display import vi_date
from lms.core.refusal import Refusal
from lms.reporting.enums import PeriodKind

_MONTHS: Final = {
    PeriodKind.MONTH: 1,
    PeriodKind.MID_MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF_YEAR: 6,
    PeriodKind.YEAR: 12,
}
_MID: Final = 15
_ROMAN: Final = ("I", "II", "III", "IV")
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """`ends_on` is the last day."""

    kind: PeriodKind
    starts_on: date
    ends_on: date

    @property
    def key(self) -> str:
        """The period in an address: month:2014-05-01."""
        return f"{self.kind.value}:{self.starts_on.isoformat()}"

    def __str__(self) -> str:
        year = self.starts_on.year
        if self.kind == PeriodKind.MONTH:
            return _("month %(month)s of %(year)s") % {"month": self.starts_on.month, "year": year}
        if self.kind == PeriodKind.MID_MONTH:
            days = {"first": vi_date(self.starts_on), "last": vi_date(self.ends_on)}
            return _("from %(first)s to %(last)s") % days
        if self.kind == PeriodKind.QUARTER:
            number = _ROMAN[(self.starts_on.month - 1) // 3]
            return _("quarter %(number)s of %(year)s") % {"number": number, "year": year}
        if self.kind == PeriodKind.HALF_YEAR:
            is_first = self.starts_on.month == 1
            words = _("first half of %(year)s") if is_first else _("second half of %(year)s")
            return words % {"year": year}
        return _("the year %(year)s") % {"year": year}


def period_of(*, kind: PeriodKind, day: date) -> Period:
    """Return the period of this kind in which the day lies."""
    first = _MID if kind == PeriodKind.MID_MONTH else 1
    months = _MONTHS[kind]
    number = day.year * 12 + day.month - 1 - (day.day < first)
    start = number - number % months
    return Period(kind, _day(start, first), _day(start + months, first) - _A_DAY)


def periods_over(*, kind: PeriodKind, today: date, count: int) -> list[Period]:
    """Return the last periods of this kind that are over, the latest first."""
    periods: list[Period] = []
    day = today
    while len(periods) < count:
        day = period_of(kind=kind, day=day).starts_on - _A_DAY
        periods.append(period_of(kind=kind, day=day))
    return periods


def read_period(*, key: str, today: date) -> Period:
    """Return the period of an address. Raises Refusal `period_unknown`, `period_not_over`."""
    kind, _colon, first = key.partition(":")
    try:
        day = date.fromisoformat(first)
        period = period_of(kind=PeriodKind(kind), day=day)
    except (ValueError, OverflowError):
        period = None
    if period is None or period.key != key:
        raise Refusal("period_unknown", _("Please choose a period."), field="period")
    if period.ends_on >= today:
        raise Refusal(
            "period_not_over",
            _("This period is not over: its figures could still change."),
            field="period",
        )
    return period


def _day(month_number: int, day: int) -> date:
    year, month = divmod(month_number, 12)
    return date(year, month + 1, day)
