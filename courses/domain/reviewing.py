"""Which questions a trainer should look at again."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from courses.domain.questions import TO_COMPLETE, missing_parts
from courses.domain.quiz_draws import asked_somewhere
from courses.enums import QuizPurpose
from courses.models import EditionQuiz, Question, QuizAnswer, QuizAttempt
from courses.models.quizzes import QuizAttemptQuerySet
from lms.accounts.models import User
from lms.core.change_journal import portions

# Fewer answers say nothing about a question.
FEWEST_ANSWERS = 5
# Below this share of right answers a question is hard to understand, or wrong.
LEAST_PERCENT_RIGHT = 50
# One statement holds what each of so many may see; SQLite takes at most 500 parts.
READERS_AT_ONCE = 20
_ANSWERED = Count("pk")
_RIGHT = Count("pk", filter=Q(is_correct=True))


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


@dataclass(frozen=True)
class ReviewCount:
    """How many questions most people get wrong, and how many of the others lack something."""

    poor: int
    unfinished: int


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


def count_to_review(*, readers: Collection[User]) -> dict[int, ReviewCount]:
    """Return what `questions_to_review` finds of the whole bank for each of these, who all see it.

    One query, and one for each `READERS_AT_ONCE`; their scopes should be known (`know_scopes`).
    """
    unfinished = set(Question.objects.filter(TO_COMPLETE).values_list("pk", flat=True))
    poor: dict[int, set[int]] = {one.pk: set() for one in readers}
    for some in portions(list(readers), READERS_AT_ONCE):
        for reader, question, *counts in _answers_by_reader(some):
            if is_poor(*counts):
                poor[reader].add(question)
    return {
        pk: ReviewCount(poor=len(found), unfinished=len(unfinished - found))
        for pk, found in poor.items()
    }


def _answers_by_question(reader: User) -> dict[int, tuple[int, int]]:
    """Return how many answers each question got, and how many of them were right."""
    rows = _answers_by_reader([reader])
    return {question: (answered, right) for _reader, question, answered, right in rows}


def _answers_by_reader(readers: Sequence[User]) -> Iterator[tuple[int, int, int, int]]:
    """Yield reader, question, answers, and right ones among them, of what each may see."""
    first, *others = (
        _counted(QuizAttempt.objects.visible_to(one))
        .values("question")
        .annotate(reader=Value(one.pk), answered=_ANSWERED, right=_RIGHT)
        .values_list("reader", "question", "answered", "right")
        for one in readers
    )
    yield from first.union(*others, all=True) if others else first


def _counted(attempts: QuizAttemptQuerySet) -> QuerySet[QuizAnswer]:
    """Return the answers of first tries that were handed in, but for pre-tests."""
    pre_tests = EditionQuiz.objects.filter(
        edition=OuterRef("enrolment__run__edition"),
        quiz=OuterRef("quiz"),
        purpose=QuizPurpose.PRE_TEST,
    )
    first = attempts.submitted().filter(number=1)
    return QuizAnswer.objects.filter(attempt__in=first.filter(~Exists(pre_tests)))


def _share_right(review: QuestionReview) -> float:
    return review.right / review.answered if review.is_poor else 1.0
