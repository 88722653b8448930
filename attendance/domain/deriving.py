"""From marks to settled records: the one place where minutes are worked out."""

from collections.abc import Iterable

from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark, AttendanceRecord


def derive_record(*, mark: AttendanceMark, session_minutes: int) -> AttendanceRecord:
    """Return the record, not yet saved, that follows from the last mark
    of a person in a session.

    Pure. Minutes are whole and between 0 and `session_minutes`.
    """
    return AttendanceRecord(
        session_id=mark.session_id,
        enrolment_id=mark.enrolment_id,
        mark=mark,
        status=mark.status,
        minutes=_minutes(mark, session_minutes),
    )


def store_records(records: Iterable[AttendanceRecord]) -> None:
    """Put these in the place of whatever was settled before, in one statement."""
    AttendanceRecord.objects.bulk_create(
        records,
        update_conflicts=True,
        unique_fields=["session", "enrolment"],
        update_fields=["mark", "status", "minutes"],
    )


def _minutes(mark: AttendanceMark, session_minutes: int) -> int:
    if mark.status == AttendanceStatus.PRESENT:
        return session_minutes
    if mark.status == AttendanceStatus.LATE:
        return max(session_minutes - mark.minutes_late, 0)
    return 0
