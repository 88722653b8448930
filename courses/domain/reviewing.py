"""Which questions a trainer should look at again."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from courses.models import Question, QuizAnswer, QuizAttempt, QuizQuestion
from lms.accounts.models import User

# Fewer answers say nothing about a question.
FEWEST_ANSWERS = 5
# Below this share of right answers a question is hard to understand, or wrong.
LEAST_PERCENT_RIGHT = 50


@dataclass(frozen=True)
class QuestionReview:
    """A question with the reason: it stands in no quiz, or most of those asked were wrong."""

    question: Question
    is_unused: bool
    answered: int
    right: int


def questions_to_review(*, questions: QuerySet[Question], reader: User) -> list[QuestionReview]:
    """Return those often answered wrong first, the worst on top, then those in no quiz.

    Only submitted attempts of people whom the reader may see are counted. Two queries.
    """
    answers = _answers_by_question(reader)
    poor = {
        pk: (answered, right)
        for pk, (answered, right) in answers.items()
        if answered >= FEWEST_ANSWERS and right * 100 < answered * LEAST_PERCENT_RIGHT
    }
    in_quiz = Exists(QuizQuestion.objects.filter(question=OuterRef("pk")))
    rows = questions.annotate(is_used=in_quiz).filter(Q(pk__in=poor) | Q(is_used=False))
    reviews = [
        QuestionReview(row, not row.is_used, *answers.get(row.pk, (0, 0)))
        for row in rows.order_by("key")
    ]
    return sorted(reviews, key=lambda review: _share_right(review, poor))


def _answers_by_question(reader: User) -> dict[int, tuple[int, int]]:
    """Return how many answers each question got, and how many of them were right."""
    attempts = QuizAttempt.objects.visible_to(reader).submitted()
    rows = (
        QuizAnswer.objects.filter(attempt__in=attempts)
        .values("question")
        .annotate(answered=Count("pk"), right=Count("pk", filter=Q(is_correct=True)))
    )
    return {row["question"]: (row["answered"], row["right"]) for row in rows}


def _share_right(review: QuestionReview, poor: dict[int, Any]) -> float:
    return review.right / review.answered if review.question.pk in poor else 1.0
