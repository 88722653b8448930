"""On the front page of the Wagtail admin: the rolls of today, and those left unfinished."""

from datetime import datetime
from typing import Any

from django.db.models import Subquery
from django.utils import timezone

from attendance.domain.excuses.rules import excuses_to_decide
from attendance.domain.roll.late_marks import late_marks_to_decide
from attendance.domain.roll.queries import on_day
from attendance.domain.sessions.pending import (
    annotate_expected,
    rolls_to_finish,
    runs_to_confirm,
    runs_to_sign,
    sessions_to_sign,
)
from attendance.domain.walk_ins.unmatched import unmatched_to_decide
from attendance.domain.wording import describe_hours, describe_when
from attendance.models import Session, SessionQuerySet
from courses.models import CourseRun
from courses.permissions import RUN_MANAGERS
from lms.accounts.models import User
from lms.scoped_admin.dashboard import ROWS_IN_PANEL, DashboardPanel


class SessionsToday(DashboardPanel):
    """Each session of today with the way to its roll; without one, when the next one is."""

    name = "attendance_today"
    order = 100
    roles = RUN_MANAGERS
    template_name = "attendance/admin/today.html"

    def context(self, user: User) -> dict[str, Any]:
        now = timezone.now()
        mine = Session.objects.manageable_by(user)
        sessions = annotate_expected(on_day(mine, timezone.localdate(now)), reader=user)
        return {
            "total": sessions.count(),
            "lines": [
                {**_line(session), "when": describe_hours(session.starts_at, session.ends_at)}
                for session in sessions.select_related("run")[:ROWS_IN_PANEL]
            ],
            "next_day": _next_of(mine, now),
        }


class RollsToFinish(DashboardPanel):
    """Sessions gone by with people whose attendance nobody has noted."""

    name = "attendance_unfinished"
    order = 110
    roles = RUN_MANAGERS
    template_name = "attendance/admin/unfinished.html"

    def context(self, user: User) -> dict[str, Any]:
        now = timezone.now()
        sessions = rolls_to_finish(
            Session.objects.manageable_by(user), reader=user, today=timezone.localdate(now)
        )
        return {
            "total": sessions.count(),
            "lines": [
                {**_line(session), "when": _when(session, now)}
                for session in sessions.select_related("run")[:ROWS_IN_PANEL]
            ],
        }


class RegistersToSign(DashboardPanel):
    """Registers that nobody has signed or confirmed, and marks that came too late."""

    name = "attendance_to_sign"
    order = 115
    roles = RUN_MANAGERS
    template_name = "attendance/admin/to_sign.html"

    def context(self, user: User) -> dict[str, Any]:
        now = timezone.now()
        sessions = sessions_to_sign(Session.objects.manageable_by(user), now=now)
        to_confirm = runs_to_confirm(by=user)
        late = late_marks_to_decide(by=user).order_by("session__run__title").distinct()
        excuses, today = excuses_to_decide(by=user), timezone.localdate(now)
        return {
            "total": sessions.count(),
            "lines": [
                {**_line(session), "when": _when(session, now)}
                for session in sessions.select_related("run")[:ROWS_IN_PANEL]
            ],
            "to_sign": runs_to_sign(CourseRun.objects.manageable_by(user))[:ROWS_IN_PANEL],
            "to_confirm": to_confirm[:ROWS_IN_PANEL],
            "excuse_count": len(excuses),
            "overdue_count": sum(one.is_overdue(today=today) for one in excuses),
            "unmatched_count": unmatched_to_decide(by=user).count(),
            "late": late.values("session__run", "session__run__title")[:ROWS_IN_PANEL],
        }


def _line(session: Any) -> dict[str, Any]:
    return {"session": session, "run": session.run, "where": session.where}


def _next_of(sessions: SessionQuerySet, now: datetime) -> list[dict[str, Any]]:
    """Return the sessions of the next day that has any."""
    coming = sessions.taking_place().filter(starts_at__gt=now)
    soonest = coming.order_by("starts_at", "pk").values("starts_at__date")[:1]
    of_day = coming.filter(starts_at__date=Subquery(soonest))
    return [
        {**_line(session), "when": _when(session, now)}
        for session in of_day.select_related("run").order_by("starts_at", "pk")[:ROWS_IN_PANEL]
    ]


def _when(session: Session, now: datetime) -> str:
    return describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=now)
