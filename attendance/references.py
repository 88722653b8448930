"""What points at a person in attendance: who noted a mark, which no merge rewrites."""

from collections.abc import Iterator

from attendance.models import AttendanceMark
from lms.accounts.extensions import PeopleReference


def people_in_attendance() -> Iterator[PeopleReference]:
    yield PeopleReference(
        model=AttendanceMark,
        field="marked_by",
        stays_because="Marks are only ever added, and say who noted them on that day.",
    )
