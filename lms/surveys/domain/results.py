"""What a class thought, told only when enough have answered."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from courses.models import CourseRun
from lms.accounts.models import User
from lms.surveys.enums import Rating, Statement
from lms.surveys.models import SurveyAnswer

#: Of fewer answers one could guess whose they are.
ENOUGH: Final = 5


@dataclass(frozen=True)
class StatementResult:
    """`counts`: how many chose each rating, the best first. `average` is None of nothing."""

    label: str
    counts: list[tuple[str, int]]
    average: float | None


@dataclass(frozen=True)
class SurveyResults:
    """`statements` and `comments` are empty while fewer than ENOUGH have answered."""

    answers: int
    trainees: int
    statements: list[StatementResult]
    comments: list[str]

    @property
    def is_told(self) -> bool:
        return self.answers >= ENOUGH


def results_of(*, run: CourseRun, reader: User) -> SurveyResults:
    """Return what the trainees of a class answered; two queries.

    Nothing is told to those who do not watch the class. Comments stand in no order.
    """
    answers = list(SurveyAnswer.objects.visible_to(reader).filter(run=run).order_by("pk"))
    trainees = run.enrolments.counted().count()
    if len(answers) < ENOUGH:
        return SurveyResults(len(answers), trainees, [], [])
    return SurveyResults(
        answers=len(answers),
        trainees=trainees,
        statements=[_result_of(one, answers) for one in Statement],
        comments=[answer.comment for answer in answers if answer.comment],
    )


def _result_of(statement: Statement, answers: list[SurveyAnswer]) -> StatementResult:
    ratings = [one.ratings[statement] for one in answers if statement in one.ratings]
    counts = Counter(ratings)
    # A statement that few have rated tells as much about them as a sheet of few.
    if len(ratings) < ENOUGH:
        return StatementResult(str(statement.label), [], None)
    return StatementResult(
        label=str(statement.label),
        counts=[(str(rating.label), counts[rating.value]) for rating in Rating],
        average=sum(ratings) / len(ratings),
    )
