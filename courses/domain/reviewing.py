"""Which questions a trainer should look at again."""

from dataclasses import dataclass

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
)

from courses.domain.questions import TO_COMPLETE, missing_parts
from courses.domain.quiz_draws import asked_somewhere
from courses.enums import QuizPurpose
from courses.models import EditionQuiz, Question, QuizAnswer, QuizAttempt
from lms.accounts.models import User

# Fewer answers say nothing about a question.
FEWEST_ANSWERS = 5
# Below this share of right answers a question is hard to understand, or wrong.
LEAST_PERCENT_RIGHT = 50


@dataclass(frozen=True)
class QuestionReview:
    """A question with the reason: most answers were wrong, something of it is missing, or it
    stands in no quiz.
    """

    question: Question
    missing: list[str]
    is_unused: bool
    answered: int
    right: int

    @property
    def is_poor(self) -> bool:
        return is_poor(self.answered, self.right)


def is_poor(answered: int, right: int) -> bool:
    """Return whether enough people answered, and most of them wrong."""
    return answered >= FEWEST_ANSWERS and right * 100 < answered * LEAST_PERCENT_RIGHT


def questions_to_review(*, questions: QuerySet[Question], reader: User) -> list[QuestionReview]:
    """Return those often answered wrong first, the worst on top, then those to complete and
    those in no quiz.

    Counted are first tries that were handed in, of people whom the reader may see, as
    `item_statistics` does; not of pre-tests, which ask what nobody has learned yet. Three queries,
    and those of `asked_somewhere` where quizzes draw.
    """
    answers = _answers_by_question(reader)
    poor = [pk for pk, (answered, right) in answers.items() if is_poor(answered, right)]
    is_asked = ExpressionWrapper(asked_somewhere(), BooleanField())
    rows = questions.annotate(is_used=is_asked).filter(
        Q(pk__in=poor) | TO_COMPLETE | Q(is_used=False)
    )
    reviews = [
        QuestionReview(row, missing_parts(row), not row.is_used, *answers.get(row.pk, (0, 0)))
        for row in rows.order_by("key")
    ]
    return sorted(reviews, key=lambda review: (_share_right(review), not review.missing))


def _answers_by_question(reader: User) -> dict[int, tuple[int, int]]:
    """Return how many answers each question got, and how many of them were right."""
    pre_tests = EditionQuiz.objects.filter(
        edition=OuterRef("enrolment__run__edition"),
        quiz=OuterRef("quiz"),
        purpose=QuizPurpose.PRE_TEST,
    )
    first = QuizAttempt.objects.visible_to(reader).submitted().filter(number=1)
    attempts = first.filter(~Exists(pre_tests))
    rows = (
        QuizAnswer.objects.filter(attempt__in=attempts)
        .values("question")
        .annotate(answered=Count("pk"), right=Count("pk", filter=Q(is_correct=True)))
    )
    return {row["question"]: (row["answered"], row["right"]) for row in rows}


def _share_right(review: QuestionReview) -> float:
    return review.right / review.answered if review.is_poor else 1.0
