"""What becomes of attendance in a pseudonymised copy."""

from collections.abc import Iterator

from attendance.enums import MarkMethod
from attendance.models import AttendanceMark, Session
from attendance.retention import NO_LONGER_KEPT
from lms.accounts.extensions import CopyRule


def copies_in_attendance() -> Iterator[CopyRule]:
    yield CopyRule(Session, kept=("title", "place"), why="What is taught where, not by whom.")
    yield CopyRule(AttendanceMark, emptied=("device",), replaced={"reason": _no_reason})


def _no_reason(mark: AttendanceMark) -> str:
    return NO_LONGER_KEPT if mark.method == MarkMethod.CORRECTION else ""
