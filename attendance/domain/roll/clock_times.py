"""When somebody came or left by the clock, as the minutes that a mark holds."""

import re
from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.domain.wording import describe_hours
from attendance.enums import PRESENT_STATUSES, AttendanceStatus
from attendance.models import Session
from lms.core.display import vi_date
from lms.core.local_time import local_moment
from lms.core.refusal import Refusal

# 8h40, 8:40, 8.40, 8 giờ 40 phút, 8h; or four figures: 0840. Three might be minutes.
_CLOCK: Final = re.compile(
    r"(?P<hour>\d{1,2})\s*(?:h|g|giờ|gio|:|\.)\s*(?:(?P<minute>\d{1,2})\s*(?:p|phút|phut)?)?"
    r"|(?P<figures>\d{4})",
    re.IGNORECASE,
)
# Four figures that begin with 0 are a time.
_MINUTES: Final = re.compile(r"\d{1,3}|[1-9]\d{3,5}")


def read_clock(text: str) -> time:
    """Read a time of day as people type it. Raises Refusal `time_unreadable`."""
    found = _CLOCK.fullmatch(text.strip())
    if found:
        figures = found["figures"]
        hour = int(figures[:2] if figures else found["hour"])
        minute = int(figures[2:] if figures else found["minute"] or 0)
        if hour < 24 and minute < 60:  # noqa: PLR2004
            return time(hour, minute)
    raise Refusal("time_unreadable", _("Please write the time like 8:40, 8h40 or 0840."))


def read_minutes_late(text: str, *, starts_at: datetime, ends_at: datetime) -> int:
    """Read how late somebody came: minutes, or the time of arrival; "" is 0.

    Raises Refusal `minutes_unreadable`, and what `minutes_late_at` refuses.
    """
    typed = text.strip()
    if not typed or _MINUTES.fullmatch(typed):
        return int(typed or 0)
    if not _CLOCK.fullmatch(typed):
        raise Refusal(
            "minutes_unreadable", _("Please write the minutes, or the time of arrival like 8:40.")
        )
    return minutes_late_at(read_clock(typed), starts_at=starts_at, ends_at=ends_at)


def came_in_time(typed: str, late: int) -> bool:
    """Return whether what was typed is a time at which nobody is late."""
    return not late and bool(typed) and not _MINUTES.fullmatch(typed.strip())


def state_by_clock(
    *,
    session: Session,
    recorded: tuple[str | None, int, int],
    arrived: str = "",
    left: str = "",
) -> tuple[AttendanceStatus, int, int]:
    """Return the whole statement that follows from these times and what is noted; pure.

    Whoever arrived or left was there. Who came before the begin is present, who came later is late
    by so many minutes; a time that is not told leaves what is noted.
    """
    status, late, left_early = recorded
    bounds = {"starts_at": session.starts_at, "ends_at": session.ends_at}
    if arrived:
        late = minutes_late_at(read_clock(arrived), **bounds)
        status = AttendanceStatus.LATE if late else AttendanceStatus.PRESENT
    elif status not in PRESENT_STATUSES:
        status, late, left_early = AttendanceStatus.PRESENT, 0, 0
    if left:
        left_early = minutes_left_early_at(read_clock(left), **bounds)
    return AttendanceStatus(status), late, left_early


def minutes_late_at(clock: time, *, starts_at: datetime, ends_at: datetime) -> int:
    """Return how many minutes late somebody is who comes at this time; pure.

    By the clock, since nobody notes when the breaks were: `derive_record` knows how long they are.
    Before the begin is 0. Raises Refusal `arrived_after_end`.
    """
    moment = _within(clock, starts_at, ends_at)[0]
    if moment >= ends_at:
        raise Refusal(
            "arrived_after_end",
            _("Nobody arrives at %(time)s at a session of %(hours)s.")
            % {"time": vi_date(moment, "hour"), "hours": describe_hours(starts_at, ends_at)},
        )
    return max(_minutes(moment - starts_at), 0)


def minutes_left_early_at(clock: time, *, starts_at: datetime, ends_at: datetime) -> int:
    """Return how many minutes before the end somebody leaves who goes at this time; pure.

    At the end or after it is 0. Raises Refusal `left_before_start`.
    """
    moment = _within(clock, starts_at, ends_at)[-1]
    if moment <= starts_at:
        raise Refusal(
            "left_before_start",
            _("Nobody leaves at %(time)s from a session of %(hours)s.")
            % {"time": vi_date(moment, "hour"), "hours": describe_hours(starts_at, ends_at)},
        )
    return max(_minutes(ends_at - moment), 0)


def _within(clock: time, starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """Return the moments of a session at which the clock says so, of one without the nearest.

    A session may last over midnight, or for days.
    """
    first, last = timezone.localdate(starts_at), timezone.localdate(ends_at)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    moments = [local_moment(day, clock) for day in days]
    inside = [moment for moment in moments if starts_at <= moment <= ends_at]

    def distance(moment: datetime) -> timedelta:
        return starts_at - moment if moment < starts_at else moment - ends_at

    return inside or [min(moments, key=distance)]


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
