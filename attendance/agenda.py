"""What attendance tells courses of what comes next: the next session of each class."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.urls import reverse

from attendance.domain.roll.queries import next_sessions
from attendance.domain.wording import describe_when_briefly, map_address
from attendance.models import Session
from courses.extensions import Appointment
from courses.models import CourseRun


class Sessions:
    """The sessions of the day on which one of a class goes on or comes next."""

    key = "attendance.sessions"

    def next_of(
        self, runs: Collection[CourseRun], *, now: datetime
    ) -> dict[int, list[Appointment]]:
        found = next_sessions(runs=runs, now=now)
        return {
            run_id: [_appointment(session, now) for session in sessions]
            for run_id, sessions in found.items()
        }

    def last_end(self, run: OuterRef) -> Combinable:
        counted = Session.objects.filter(run=run, is_required=True, cancelled_at__isnull=True)
        return Subquery(counted.order_by("-ends_at").values("ends_at")[:1])


def _appointment(session: Session, now: datetime) -> Appointment:
    return Appointment(
        title=session.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        when=describe_when_briefly(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        place=session.where,
        map_url=map_address(place=session.venue, unit=str(session.run.unit)),
        calendar_url=reverse("attendance:calendar", args=[session.pk]),
    )
