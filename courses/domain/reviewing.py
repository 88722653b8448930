"""Which questions a trainer should look at again."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    When,
)

from courses.domain.questions import TO_COMPLETE, missing_parts
from courses.domain.quiz_draws import asked_somewhere
from courses.enums import QuizPurpose
from courses.models import CourseRun, EditionQuiz, Question, QuizAnswer, QuizAttempt
from courses.models.quizzes import QuizAttemptQuerySet
from lms.accounts.enums import Role
from lms.accounts.models import User

# Fewer answers say nothing about a question.
FEWEST_ANSWERS = 5
# Below this share of right answers a question is hard to understand, or wrong.
LEAST_PERCENT_RIGHT = 50
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

    Three queries, however many read; their scopes should be known (`know_scopes`).
    """
    unfinished = set(Question.objects.filter(TO_COMPLETE).values_list("pk", flat=True))
    found = {}
    for pk, answers in _answers_by_reader(readers).items():
        poor = {question for question, counts in answers.items() if is_poor(*counts)}
        found[pk] = ReviewCount(poor=len(poor), unfinished=len(unfinished - poor))
    return found


def _answers_by_question(reader: User) -> dict[int, tuple[int, int]]:
    """Return how many answers each question got, and how many of them were right."""
    answers = _counted(QuizAttempt.objects.visible_to(reader))
    rows = answers.values("question").annotate(answered=_ANSWERED, right=_RIGHT)
    return {row["question"]: (row["answered"], row["right"]) for row in rows}


def _answers_by_reader(readers: Collection[User]) -> dict[int, dict[int, tuple[int, int]]]:
    """Return the same for each of these readers, by question."""
    taught = _taught_by(readers)

    @cache
    def seen_by(enrolled: int | None, run: int, path: str) -> list[int]:
        return [one.pk for one in readers if _sees(one, enrolled, run in taught[one.pk], path)]

    found: dict[int, dict[int, tuple[int, int]]] = {one.pk: {} for one in readers}
    for question, answered, right, *place in _answers_by_place(readers, taught):
        for pk in seen_by(*place):
            before = found[pk].get(question, (0, 0))
            found[pk][question] = before[0] + answered, before[1] + right
    return found


def _answers_by_place(
    readers: Collection[User], taught: Mapping[int, set[int]]
) -> Iterator[tuple[int, int, int, int | None, int, str]]:
    """Yield the answers to each question of those of one class and one unit, and those of a reader
    by themselves: all that any of these may see.
    """
    attempts = QuizAttempt.objects.all()
    if not any(one.scope.oversees for one in readers):
        runs = set[int]().union(*taught.values())
        attempts = attempts.filter(Q(enrolment__run__in=runs) | Q(enrolment__user__in=readers))
    of_reader = When(attempt__enrolment__user__in=readers, then=F("attempt__enrolment__user"))
    rows = (
        _counted(attempts)
        .values("question")
        .annotate(own=Case(of_reader), answered=_ANSWERED, right=_RIGHT)
    )
    place = ("own", "attempt__enrolment__run", "attempt__enrolment__unit__path")
    return rows.values_list("question", "answered", "right", *place).iterator()


def _sees(reader: User, enrolled: int | None, is_taught: bool, path: str) -> bool:
    """Return whether `Enrolment.objects.visible_to` shows the reader who was enrolled there."""
    return is_taught or enrolled == reader.pk or reader.scope.covers(path)


def _taught_by(readers: Collection[User]) -> dict[int, set[int]]:
    """Return the classes of each, as `taught_by` does for one."""
    found = defaultdict(set)
    trainers = [one.pk for one in readers if one.scope.has_role(Role.TRAINER)]
    taught = CourseRun.trainers.through.objects.filter(user__in=trainers)
    for pk, run in taught.values_list("user", "courserun"):
        found[pk].add(run)
    return found


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
