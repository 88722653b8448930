"""What attendance adds to the list of classes in the admin and to the file of trainees."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.sessions.pending import annotate_rolls
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceRecord, Session
from courses.extensions import RosterColumn
from courses.models import CourseRun, Enrolment
from lms.accounts.models import User
from lms.core.display import vi_date


class RollState:
    """Whether the rolls of the sessions held so far are complete."""

    key = "roll_state"
    label: str | Promise = gettext_lazy("Roll calls")

    def annotate(self, runs: QuerySet[CourseRun], *, reader: User) -> QuerySet[Any]:
        return annotate_rolls(runs, reader=reader, now=timezone.now())

    def value(self, run: Any) -> str:
        if not run.session_count:
            return _("No sessions scheduled")
        figures = {
            "done": run.held_count - run.unfinished_count,
            "held": run.held_count,
            "total": run.session_count,
        }
        if not run.held_count:
            return _("None held yet, %(total)s scheduled") % figures
        if run.unfinished_count:
            return _("Complete in %(done)s of %(held)s sessions") % figures
        return _("Complete (%(held)s of %(total)s sessions held)") % figures


class NotedInSessions:
    """A column for each session that takes place, with what was noted of each trainee."""

    key = "attendance.noted"

    def columns(
        self, run: CourseRun, *, enrolments: Collection[Enrolment]
    ) -> Sequence[RosterColumn]:
        sessions = Session.objects.taking_place().filter(run=run).order_by("starts_at")
        noted: dict[int, dict[int, str]] = {session.pk: {} for session in sessions}
        records = AttendanceRecord.objects.filter(session__in=noted, enrolment__in=enrolments)
        for session, enrolment, status in records.values_list("session", "enrolment", "status"):
            noted[session][enrolment] = str(AttendanceStatus(status).label)
        return [
            RosterColumn(f"{one.title} ({vi_date(one.starts_at, 'short')})", noted[one.pk])
            for one in sessions
        ]
