"""What the next session of a class is likely to be: half a day after the last one."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

from django.utils.translation import gettext as _

from attendance.domain.sessions.scheduling import SessionPlan
from attendance.models import Session
from courses.models import CourseRun
from lms.core.local_time import local_moment

MORNING: Final = (time(8, 0), time(11, 30))
AFTERNOON: Final = (time(13, 30), time(17, 0))


def propose_session(*, run: CourseRun) -> SessionPlan:
    """Return the first half-day of the class after its last session;
    the very first when none is left.
    """
    sessions = list(Session.objects.filter(run=run).order_by("starts_at"))
    half_days = list(_half_days(run))
    free = [half for half in half_days if not sessions or half[0] >= sessions[-1].ends_at]
    begin, end = [*free, *half_days][0]
    title = _("Session %(number)d") % {"number": len(sessions) + 1}
    return SessionPlan(title=title, starts_at=begin, ends_at=end)


def _half_days(run: CourseRun) -> Iterator[tuple[datetime, datetime]]:
    for distance in range((run.ends_on - run.starts_on).days + 1):
        day = run.starts_on + timedelta(days=distance)
        for hours in (MORNING, AFTERNOON):
            begin, end = (local_moment(day, hour) for hour in hours)
            yield begin, end
