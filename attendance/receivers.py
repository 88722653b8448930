"""What a change of what a class asks means for attendance."""

from typing import Any

from attendance.domain.deriving_anew import derive_class_anew
from attendance.domain.rules import HOURS_KEY, read_rules
from courses.models import CourseRun


def derive_by_new_rules(
    sender: Any, *, run: CourseRun, before: dict[str, Any], after: dict[str, Any], **kwargs: Any
) -> None:
    """Derive the records of the class anew where its rules are others than before."""
    if not read_rules(after.get(HOURS_KEY)).derive_like(read_rules(before.get(HOURS_KEY))):
        derive_class_anew(run=run)
