"""What passes a quiz: a setting of each class."""

from typing import Final

from courses.domain.runs import requirements_in_force
from courses.models import CourseRun

# The key of the criterion whose parameter `pass_percent` is the pass mark.
QUIZZES_KEY: Final = "quizzes"
# Half of the points would be the custom, but one question in four is guessed.
DEFAULT_PASS_PERCENT: Final = 70


def pass_percent(*, run: CourseRun) -> int:
    """Return the share of right answers, in percent, that passes a quiz in this class;
    one query.
    """
    for row in requirements_in_force(run=run):
        if row.criterion == QUIZZES_KEY:
            return int(row.params.get("pass_percent", DEFAULT_PASS_PERCENT))
    return DEFAULT_PASS_PERCENT
