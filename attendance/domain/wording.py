"""Moments, lengths of time and places as a person says them, or as a map is asked for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from attendance.enums import AttendanceStatus
from lms.core.display import vi_date

MINUTES_PER_HOUR: Final = 60
# Opens the map of the phone where there is one, a page elsewhere. A `geo:` link would do nothing
# on an iPhone and on a computer.
MAP: Final = "https://www.google.com/maps/search/?api=1&"
# Monday first, as `date.weekday` counts. Django's own names begin with a capital and a figure.
WEEKDAYS: Final = (
    pgettext_lazy("inside a sentence", "Monday"),
    pgettext_lazy("inside a sentence", "Tuesday"),
    pgettext_lazy("inside a sentence", "Wednesday"),
    pgettext_lazy("inside a sentence", "Thursday"),
    pgettext_lazy("inside a sentence", "Friday"),
    pgettext_lazy("inside a sentence", "Saturday"),
    pgettext_lazy("inside a sentence", "Sunday"),
)


def describe_hours(starts_at: datetime, ends_at: datetime) -> str:
    """Format the hours as in "08:00–11:30", local time."""
    return f"{vi_date(starts_at, 'hour')}–{vi_date(ends_at, 'hour')}"


def describe_day(moment: datetime, *, now: datetime) -> str:
    """Format the day as in "Tuesday 24/11", local time; the year is told when it
    is another one.
    """
    day, today = timezone.localdate(moment), timezone.localdate(now)
    form = "short" if day.year == today.year else ""
    return f"{WEEKDAYS[day.weekday()]} {vi_date(day, form)}"


def describe_when(*, starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    """Format day and hours as in "Tomorrow, 08:00–11:30, Tuesday 24/11" or, further off,
    "Friday 27/11, 08:00–11:30".
    """
    return capfirst(describe_when_inside(starts_at=starts_at, ends_at=ends_at, now=now))


def describe_when_inside(*, starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    """Format the same for the middle of a sentence: "tomorrow, 08:00–11:30, Tuesday 24/11"."""
    named = _named_day(starts_at, now)
    day, hours = describe_day(starts_at, now=now), describe_hours(starts_at, ends_at)
    return f"{day}, {hours}" if named is None else f"{named}, {hours}, {day}"


def describe_when_briefly(*, starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    """Format the same for a narrow row: "Tomorrow 24/11, 08:00–11:30"."""
    named = _named_day(starts_at, now)
    if named is None:
        return describe_when(starts_at=starts_at, ends_at=ends_at, now=now)
    hours = describe_hours(starts_at, ends_at)
    return f"{capfirst(named)} {vi_date(starts_at, 'short')}, {hours}"


def _named_day(moment: datetime, now: datetime) -> str | None:
    distance = (timezone.localdate(moment) - timezone.localdate(now)).days
    named = {
        0: pgettext("inside a sentence", "today"),
        1: pgettext("inside a sentence", "tomorrow"),
        -1: pgettext("inside a sentence", "yesterday"),
    }
    return named.get(distance)


def describe_names(names: Sequence[str], *, count: int, most: int) -> str:
    """Name the first so many of these, and how many more of `count` there are: "An, Bình and
    3 others".
    """
    shown = ", ".join(names[:most])
    more = count - len(names[:most])
    if not shown or not more:
        return shown
    text = ngettext("%(shown)s and %(more)d other", "%(shown)s and %(more)d others", more)
    return text % {"shown": shown, "more": more}


def describe_minutes(minutes: int) -> str:
    """Format the minutes as in "2 hours 30 minutes", "45 minutes" or "3 hours"."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    in_hours = ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    in_minutes = ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest}
    if not hours:
        return in_minutes
    return f"{in_hours} {in_minutes}" if rest else in_hours


def describe_mark(status: str, minutes_late: int, minutes_left_early: int = 0) -> str:
    """Name a status with its minutes, as in "Late (15 minutes, left 20 minutes early)"."""
    label = str(AttendanceStatus(status).label)
    minutes = [describe_minutes(minutes_late)] if minutes_late else []
    if minutes_left_early:
        early = describe_minutes(minutes_left_early)
        minutes.append(_("left %(minutes)s early") % {"minutes": early})
    return f"{label} ({', '.join(minutes)})" if minutes else label


def describe_place(*, place: str, unit: str) -> str:
    """Name the place with its unit, unless the place names it already: "Hội trường, huyện Kim Bảng"."""
    return place if unit.lower() in place.lower() else f"{place}, {unit}"


def map_address(*, place: str, unit: str) -> str:
    """Return where a map shows the place: by its name, since nobody notes coordinates."""
    return MAP + urlencode({"query": describe_place(place=place, unit=unit)})


def describe_noted(
    *, name: str, noted_at: datetime, starts_at: datetime, minutes_left_early: int = 0
) -> str:
    """Say when somebody was noted and, given a name, by whom; the day is told when it was not
    the session's. Whoever left early is told first.
    """
    if minutes_left_early:
        early = _("left %(minutes)s early") % {"minutes": describe_minutes(minutes_left_early)}
        noted = describe_noted(name=name, noted_at=noted_at, starts_at=starts_at)
        return f"{early} · {noted}"
    same_day = timezone.localdate(noted_at) == timezone.localdate(starts_at)
    values = {"time": vi_date(noted_at, "hour" if same_day else "time"), "name": name}
    if not name:
        return _("recorded %(time)s") % values
    return _("recorded %(time)s, %(name)s") % values
