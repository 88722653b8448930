"""What points at a person in attendance: who noted a mark, which no merge rewrites."""

from collections.abc import Iterator

from attendance.models import AttendanceMark
from lms.accounts.extensions import PeopleReference, PersonalRecords


def people_in_attendance() -> Iterator[PeopleReference]:
    yield PeopleReference(
        model=AttendanceMark,
        field="marked_by",
        stays_because="Marks are only ever added, and say who noted them on that day.",
    )


def records_in_attendance() -> Iterator[PersonalRecords]:
    fields = ("session", "status", "minutes_late", "reason", "marked_at", "device")
    yield PersonalRecords(AttendanceMark, "enrolment__user", fields)
