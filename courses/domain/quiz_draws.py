"""Questions drawn from the bank: which fit a draw, and which of them a try gets."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from random import Random
from typing import NamedTuple

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.models import EditionDraw, EditionPoolQuestion, Question, Quiz, QuizDraw, QuizQuestion
from courses.models.questions import index_tags
from lms.core.refusal import Refusal


@dataclass(frozen=True)
class Pool:
    """So many questions out of these, by their ids."""

    count: int
    questions: list[int]


class _InBank(NamedTuple):
    pk: int
    lesson_path: str
    difficulty: str
    tag_index: str


def pools_of(*, quizzes: Collection[Quiz]) -> dict[int, list[Pool]]:
    """Return the pools of the draws of each quiz as the bank is now, in their order; three queries,
    one without a draw. The modules of the quizzes should be loaded.

    A question that the quiz asks of everybody is in none of its pools, nor is a step of a case: it
    would be asked without the others.
    """
    draws: dict[int, list[QuizDraw]] = defaultdict(list)
    rows = QuizDraw.objects.filter(quiz__in=quizzes).order_by("sort_order", "pk")
    for draw in rows.select_related("module"):
        draws[draw.quiz_id].append(draw)
    asked: dict[int, set[int]] = defaultdict(set)
    if draws:
        fixed = QuizQuestion.objects.filter(quiz__in=draws)
        for quiz_id, question_id in fixed.values_list("quiz", "question"):
            asked[quiz_id].add(question_id)
    with_draws = [quiz for quiz in quizzes if quiz.pk in draws]
    bank = _read_bank({_place(one, quiz) for quiz in with_draws for one in draws[quiz.pk]})
    return {
        quiz.pk: [_pool(one, quiz, bank, asked[quiz.pk]) for one in draws[quiz.pk]]
        for quiz in with_draws
    }


def asked_somewhere() -> Q:
    """Return which questions a quiz asks of everybody or may draw, as the bank is now or in a class;
    for `filter` and annotations. One query, three more where quizzes draw.
    """
    drawing = Quiz.objects.filter(draws__isnull=False).select_related("module").distinct()
    pools = pools_of(quizzes=list(drawing))
    drawn = {pk for of_quiz in pools.values() for pool in of_quiz for pk in pool.questions}
    return (
        Q(Exists(QuizQuestion.objects.filter(question=OuterRef("pk"))))
        | Q(Exists(EditionPoolQuestion.objects.filter(question=OuterRef("pk"))))
        | Q(pk__in=drawn)
    )


def pools_meant(*, quiz: Quiz, draws: Sequence[QuizDraw], asked: Collection[int]) -> list[Pool]:
    """Return the pools of draws that are not saved yet; one query."""
    bank = _read_bank({_place(one, quiz) for one in draws})
    return [_pool(one, quiz, bank, asked) for one in draws]


def frozen_pools(draws: QuerySet[EditionDraw]) -> dict[int, list[Pool]]:
    """Return pools as an edition keeps them, in the order of the draws, by the id of the edition's
    quiz; one query. A draw that no question fits has an empty one.
    """
    pools: dict[int, dict[int, Pool]] = {}
    in_order = draws.order_by("position", "pool__pk")
    rows = in_order.values_list("quiz", "pk", "count", "pool__question")
    for quiz_id, draw_id, count, question_id in rows:
        pool = pools.setdefault(quiz_id, {}).setdefault(draw_id, Pool(count, []))
        if question_id is not None:
            pool.questions.append(question_id)
    return {quiz_id: list(of_quiz.values()) for quiz_id, of_quiz in pools.items()}


def check_pools(*, title: str, pools: Sequence[Pool]) -> None:
    """Raise Refusal `too_few_to_draw` when a try of the quiz could not get what its draws ask."""
    for number, pool in enumerate(pools, start=1):
        if len(pool.questions) < pool.count:
            raise Refusal(
                "too_few_to_draw",
                _(
                    "Draw %(number)d of the quiz “%(quiz)s” asks for %(count)d questions, and "
                    "%(found)d of the bank fit. Ask for fewer, widen it, or write more questions."
                )
                % {
                    "number": number,
                    "quiz": title,
                    "count": pool.count,
                    "found": len(pool.questions),
                },
            )
    wanted = sum(pool.count for pool in pools)
    found = sum(map(len, draw_questions(pools=pools, seen=(), chance=Random(0))))  # noqa: S311
    if found < wanted:
        raise Refusal(
            "too_few_to_draw",
            _(
                "The draws of the quiz “%(quiz)s” ask for %(count)d questions together, and only "
                "%(found)d different ones fit: some fit several draws. Ask for fewer, widen a "
                "draw, or write more questions."
            )
            % {"quiz": title, "count": wanted, "found": found},
        )


def draw_questions(
    *, pools: Sequence[Pool], seen: Collection[int], chance: Random
) -> list[list[int]]:
    """Return the questions for each pool, none of them twice, as few as can be from `seen`.

    A pool gets fewer than it asks for only where no other choice would give it more: a question
    that fits several pools goes to the one that needs it.
    """
    mixed = [chance.sample(pool.questions, len(pool.questions)) for pool in pools]
    places = [at for at, pool in enumerate(pools) for _copy in range(pool.count)]
    taken: dict[int, int] = {}
    filled: set[int] = set()
    for skipped in (frozenset(seen), frozenset()):
        fitting = [[pk for pk in pool if pk not in skipped] for pool in mixed]
        offered = [fitting[at] for at in places]
        filled |= {
            place
            for place in range(len(places))
            if place not in filled and _find(place, offered, taken, set())
        }
    drawn: list[list[int]] = [[] for _pool in pools]
    for pk, place in sorted(taken.items(), key=lambda item: item[1]):
        drawn[places[place]].append(pk)
    return drawn


def asked_count() -> Combinable:
    """Return how many questions a try of a quiz puts, those drawn among them, for `annotate`."""
    fixed = QuizQuestion.objects.filter(quiz=OuterRef("pk")).order_by().values("quiz")
    drawn = QuizDraw.objects.filter(quiz=OuterRef("pk")).order_by().values("quiz")
    counts = (
        Subquery(fixed.annotate(n=Count("pk")).values("n"), IntegerField()),
        Subquery(drawn.annotate(n=Sum("count")).values("n"), IntegerField()),
    )
    return Coalesce(counts[0], 0) + Coalesce(counts[1], 0)


def _find(place: int, offered: list[list[int]], taken: dict[int, int], tried: set[int]) -> bool:
    """Take a question for a place; whoever holds it already looks for another (Kuhn's matching)."""
    for pk in offered[place]:
        if pk in tried:
            continue
        tried.add(pk)
        if pk not in taken or _find(taken[pk], offered, taken, tried):
            taken[pk] = place
            return True
    return False


def _place(draw: QuizDraw, quiz: Quiz) -> str:
    """Return the tree path below which the lessons of a draw stand."""
    if draw.module is not None:
        return draw.module.path
    return quiz.module.path[: -Page.steplen]


def _read_bank(places: Iterable[str]) -> list[_InBank]:
    taught = reduce(or_, (Q(lesson__path__startswith=path) for path in places), Q(pk__in=[]))
    rows = Question.objects.published().filter(taught, case=None).order_by("pk")
    return [
        _InBank(*row) for row in rows.values_list("pk", "lesson__path", "difficulty", "tag_index")
    ]


def _pool(draw: QuizDraw, quiz: Quiz, bank: Iterable[_InBank], asked: Collection[int]) -> Pool:
    path, tag = _place(draw, quiz), index_tags(draw.tag)
    fitting = [
        one.pk
        for one in bank
        if one.lesson_path.startswith(path)
        and draw.difficulty in {"", one.difficulty}
        and tag in one.tag_index
        and one.pk not in asked
    ]
    return Pool(draw.count, fitting)
