"""What happened to a roll since somebody looked: small answers, whatever the size of the class."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, FilteredRelation, Q

from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, Session
from courses.models import Enrolment
from lms.accounts.models import User


@dataclass(frozen=True)
class RollChange:
    """What the last mark says about one person; `status` is "" where an undo left nothing."""

    enrolment_id: int
    mark_id: int
    status: str
    minutes_late: int
    noted_by_id: int
    noted_by: str
    noted_at: datetime


def changes_since(*, session: Session, reader: User, last_mark_id: int) -> list[RollChange]:
    """Return what was noted after this mark about people on the reader's roll, in the order
    of noting; one query.
    """
    shown = Enrolment.objects.visible_to(reader).counted().filter(run=session.run_id)
    marks = AttendanceMark.objects.filter(session=session, pk__gt=last_mark_id)
    rows = marks.filter(enrolment__in=shown).order_by("pk")
    last = {
        row[1]: row
        for row in rows.values_list(
            "pk",
            "enrolment_id",
            "method",
            "status",
            "minutes_late",
            "marked_by_id",
            "marked_by__full_name",
            "marked_at",
        )
    }
    return [_change(*row) for row in sorted(last.values())]


def count_statuses(*, session: Session, reader: User) -> dict[str, int]:
    """Return how many on the reader's roll stand at each status, and under "" those without one;
    one query.
    """
    shown = Enrolment.objects.visible_to(reader).counted().filter(run=session.run_id)
    settled = FilteredRelation(
        "attendance_records", condition=Q(attendance_records__session=session)
    )
    rows = shown.annotate(here=settled).values_list("here__status")
    counted = dict(rows.order_by().annotate(Count("pk")))
    counted[""] = counted.pop(None, 0)
    return {status: counted.get(status, 0) for status in [*AttendanceStatus.values, ""]}


def _change(
    mark_id: int,
    enrolment_id: int,
    method: str,
    status: str,
    minutes_late: int,
    noted_by_id: int,
    noted_by: str,
    noted_at: datetime,
) -> RollChange:
    stands = method != MarkMethod.TAKEN_BACK
    return RollChange(
        enrolment_id=enrolment_id,
        mark_id=mark_id,
        status=status if stands else "",
        minutes_late=minutes_late if stands else 0,
        noted_by_id=noted_by_id,
        noted_by=noted_by,
        noted_at=noted_at,
    )
