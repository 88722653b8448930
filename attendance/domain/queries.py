"""Attendance for lists and pages: small questions, each one query whatever the number of rows."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark, Session
from courses.enums import COUNTED_STATUSES
from courses.models import Enrolment


@dataclass(frozen=True)
class Standing:
    """An enrolment's state, and what is noted about it in one session (None: nothing yet)."""

    enrolment_status: str
    status: str | None = None
    minutes_late: int = 0


def standings(*, session: Session, enrolment_ids: Collection[int]) -> dict[int, Standing]:
    """Where each of these enrolments stands, by id; those of other classes are left out."""
    rows = (
        annotate_settled(Enrolment.objects.filter(run=session.run_id), session=session)
        .filter(pk__in=enrolment_ids)
        .values_list("pk", "status", "settled_status", "settled_minutes_late")
    )
    return {pk: Standing(status, settled, late or 0) for pk, status, settled, late in rows}


def annotate_settled(enrolments: QuerySet[Enrolment], *, session: Session) -> QuerySet[Enrolment]:
    """Add `settled_status`, `settled_minutes_late` and `settled_at` of one session, or None."""
    return enrolments.annotate(
        settled_here=FilteredRelation(
            "attendance_records", condition=Q(attendance_records__session=session)
        ),
        settled_status=F("settled_here__status"),
        settled_minutes_late=F("settled_here__mark__minutes_late"),
        settled_at=F("settled_here__mark__marked_at"),
    )


def noted_by(*, session: Session, last_mark_id: int) -> dict[int, Standing]:
    """What was noted up to this mark, by enrolment id: what an open page still shows."""
    marks = AttendanceMark.objects.filter(session=session, pk__lte=last_mark_id).order_by("pk")
    rows = marks.values_list("enrolment_id", "enrolment__status", "status", "minutes_late")
    return {pk: Standing(enrolled, status, late) for pk, enrolled, status, late in rows}


def annotate_status_counts(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Add `present_count` … `absent_count` of the people who count, and `noted_count` of all."""
    counted = Q(records__enrolment__status__in=COUNTED_STATUSES)
    counts = {
        f"{status}_count": Count("records", filter=counted & Q(records__status=status))
        for status in AttendanceStatus.values
    }
    return sessions.annotate(noted_count=Count("records", filter=counted), **counts)


def annotate_enrolled_count(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Add `enrolled_count`: the people of the class who count."""
    counted = Enrolment.objects.filter(run=OuterRef("run"), status__in=COUNTED_STATUSES)
    totals = counted.order_by().values("run").annotate(total=Count("pk")).values("total")
    return sessions.annotate(enrolled_count=Coalesce(Subquery(totals), 0))
