"""What happened to a roll since somebody looked: small answers, whatever the size of the class."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, FilteredRelation, Q, QuerySet

from attendance.domain.hours.guests import on_roll
from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, Session
from courses.models import Enrolment
from courses.models.delivery import EnrolmentQuerySet
from lms.accounts.models import User
from lms.core.compiled_queries import CompiledQuery


@dataclass(frozen=True)
class RollChange:
    """What the last mark says about one person; `status` is "" where an undo left nothing."""

    enrolment_id: int
    mark_id: int
    status: str
    minutes_late: int
    minutes_left_early: int
    noted_by_id: int
    noted_by: str
    noted_at: datetime


def changes_since(*, session: Session, reader: User, last_mark_id: int) -> list[RollChange]:
    """Return what was noted after this mark about people on the reader's roll, in the order
    of noting; one query. `session`: as `on_roll_of` returns it.
    """
    values = {"session_id": session.pk, "run_id": session.run_id, "last_mark_id": last_mark_id}
    rows = (
        _CHANGES.ask(**values)
        if session.shows_everybody
        else _changes(Enrolment.objects.visible_to(reader), **values)
    )
    last = {row[1]: row for row in rows}
    return [_change(row) for row in sorted(last.values())]


def count_statuses(*, session: Session, reader: User) -> dict[str, int]:
    """Return how many on the reader's roll stand at each status, and under "" those without one,
    guests not counted; one query. `session`: as `on_roll_of` returns it.
    """
    values = {"session_id": session.pk, "run_id": session.run_id}
    rows = (
        _COUNTS.ask(**values)
        if session.shows_everybody
        else _counts(Enrolment.objects.visible_to(reader), **values)
    )
    counted = dict(rows)
    counted[""] = counted.pop(None, 0)
    return {status: counted.get(status, 0) for status in [*AttendanceStatus.values, ""]}


def _changes(
    people: EnrolmentQuerySet | None = None, *, session_id: int, run_id: int, last_mark_id: int
) -> QuerySet[Any, Any]:
    session = Session(pk=session_id, run_id=run_id)
    marks = AttendanceMark.objects.filter(session=session_id, pk__gt=last_mark_id)
    return (
        marks.filter(enrolment__in=on_roll(_counted(people), session=session))
        .order_by("pk")
        .values_list(
            "pk",
            "enrolment_id",
            "method",
            "status",
            "minutes_late",
            "minutes_left_early",
            "marked_by_id",
            "marked_by__full_name",
            "marked_at",
        )
    )


def _counts(
    people: EnrolmentQuerySet | None = None, *, session_id: int, run_id: int
) -> QuerySet[Any, Any]:
    here = FilteredRelation(
        "attendance_records", condition=Q(attendance_records__session=session_id)
    )
    rows = _counted(people).filter(run=run_id).annotate(here=here).values_list("here__status")
    return rows.order_by().annotate(Count("pk"))


def _counted(people: EnrolmentQuerySet | None) -> EnrolmentQuerySet:
    everybody = Enrolment.objects.all() if people is None else people
    return everybody.counted()


_CHANGES = CompiledQuery(_changes)
_COUNTS = CompiledQuery(_counts)


def _change(row: Sequence[Any]) -> RollChange:
    mark_id, enrolment_id, method, status, late, left_early, noted_by_id, noted_by, noted_at = row
    stands = method != MarkMethod.TAKEN_BACK
    return RollChange(
        enrolment_id=enrolment_id,
        mark_id=mark_id,
        status=status if stands else "",
        minutes_late=late if stands else 0,
        minutes_left_early=left_early if stands else 0,
        noted_by_id=noted_by_id,
        noted_by=noted_by,
        noted_at=noted_at,
    )
