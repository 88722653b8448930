"""Make every attendance record anew from the marks; on sound data this changes nothing."""

from collections.abc import Iterable
from datetime import datetime

from attendance.domain.hours.rebuilding import Difference, find_differences, rebuild_records
from lms.core.rebuild_command import RebuildCommand


class Command(RebuildCommand):
    help = "Derive all attendance records from the marks and put right what differs."
    rows = "attendance records"
    sound = "Every attendance record follows from its marks."

    def find_differences(self) -> Iterable[Difference]:
        return find_differences()

    def rebuild(self, *, at: datetime) -> Iterable[Difference]:
        return rebuild_records(at=at)
