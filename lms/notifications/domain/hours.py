"""When messages may leave: not at night, not on days off; what is due then goes at a better moment."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.core.local_time import local_moment
from lms.notifications.domain.lunar import lunar_date
from lms.notifications.models import DayOff

# Days off are looked up so far on both sides; no holiday is half as long.
_REACH: Final = timedelta(days=120)
# The last moment of a day at which something still leaves before the night.
_BEFORE_NIGHT: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class OpenHours:
    """The hours of a day, by local time, and the days on which nothing leaves."""

    starts: time = time.min
    ends: time = time.max
    off: frozenset[date] = frozenset()
    # Of every week, Monday being 0; never all of them.
    weekdays_off: frozenset[int] = frozenset()
    # On which people work, whatever day of the week it is.
    working: frozenset[date] = frozenset()

    def is_off(self, day: date) -> bool:
        return day in self.off or (day.weekday() in self.weekdays_off and day not in self.working)

    def is_open(self, moment: datetime) -> bool:
        local = timezone.localtime(moment)
        return not self.is_off(local.date()) and self.starts <= local.time() < self.ends

    def next_open(self, moment: datetime) -> datetime:
        """Return this moment if it is open, else when the next open hours begin."""
        if self.is_open(moment):
            return moment
        local = timezone.localtime(moment)
        day = local.date()
        if local.time() >= self.starts:
            day += timedelta(days=1)
        while self.is_off(day):
            day += timedelta(days=1)
        return local_moment(day, self.starts)

    def last_open(self, moment: datetime) -> datetime:
        """Return this moment if it is open, else the last open one before: of a day off the same
        hour on the day before it.
        """
        if self.is_open(moment):
            return moment
        local = timezone.localtime(moment)
        day, at = local.date(), local.time()
        if self.is_off(day):
            while self.is_off(day):
                day -= timedelta(days=1)
        elif at < self.starts:
            day, at = self._open_day_before(day), time.max
        latest = local_moment(day, self.ends) - _BEFORE_NIGHT
        return min(max(local_moment(day, at), local_moment(day, self.starts)), latest)

    def _open_day_before(self, day: date) -> date:
        day -= timedelta(days=1)
        while self.is_off(day):
            day -= timedelta(days=1)
        return day


def open_hours(*, now: datetime) -> OpenHours:
    """Return the hours set for the site with the days off around now; one query, none if it is
    always open.
    """
    if not settings.SUITE_SENDING_HOURS:
        return OpenHours()
    starts, ends = settings.SUITE_SENDING_HOURS
    today = timezone.localdate(now)
    days = DayOff.objects.filter(day__range=(today - _REACH, today + _REACH))
    works = dict(days.values_list("day", "is_working_day"))
    working = frozenset(day for day, is_working in works.items() if is_working)
    return OpenHours(
        starts, ends, frozenset(works) - working, settings.SUITE_WEEKLY_DAYS_OFF, working
    )


def best_moment(
    *, due_at: datetime, expires_at: datetime, now: datetime, hours: OpenHours
) -> datetime:
    """Return when something that is due then leaves.

    Later, while at least half of its time is left then; else earlier, while that lies ahead; else
    later all the same, unless it would come too late: then it stays where it is, and is dropped.
    """
    if hours.is_open(due_at):
        return due_at
    later, earlier = hours.next_open(due_at), hours.last_open(due_at)
    if later <= due_at + (expires_at - due_at) / 2:
        return later
    if earlier >= now:
        return earlier
    return later if later < expires_at else due_at


def days_off_by_law(*, year: int) -> dict[date, str]:
    """Return the days of a year that are off by the Labour Code (2019, article 112), with their names.

    Of Tết the three days that are off in every year; which two come besides, and which day beside
    the second of September, is decided each year and typed in.
    """
    new_year = lunar_date(year=year, month=1, day=1)
    tet = str(_("Lunar New Year (Tết)"))
    return {
        date(year, 1, 1): str(_("New Year's Day")),
        new_year - timedelta(days=1): tet,
        new_year: tet,
        new_year + timedelta(days=1): tet,
        lunar_date(year=year, month=3, day=10): str(_("Hùng Kings' Festival")),
        date(year, 4, 30): str(_("Victory Day")),
        date(year, 5, 1): str(_("Labour Day")),
        date(year, 9, 2): str(_("National Day")),
    }


def ensure_days_off(*, now: datetime) -> int:
    """Write the days off by law of this year and the next, each year once; the number written.

    What an administrator has removed since does not come back: a year that has any is left alone.
    """
    if not settings.SUITE_SENDING_HOURS:
        return 0
    this_year = timezone.localdate(now).year
    years = (this_year, this_year + 1)
    kept = DayOff.objects.filter(day__year__gte=years[0], day__year__lte=years[1])
    written = {day.year for day in kept.filter(by_law=True).values_list("day", flat=True)}
    known = set(kept.values_list("day", flat=True)) if len(written) < len(years) else set()
    rows = [
        DayOff(day=day, name=name, by_law=True)
        for year in years
        if year not in written
        for day, name in days_off_by_law(year=year).items()
        if day not in known
    ]
    DayOff.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
