"""Which questions a try puts, and in which order: drawn once, then held."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from random import Random, SystemRandom
from typing import Final

from django.db.models import Sum

from courses.domain.item_order import into_units
from courses.domain.question_versions import versions_of
from courses.domain.quiz_draws import draw_questions, frozen_pools
from courses.enums import QuestionKind
from courses.models import (
    EditionDraw,
    EditionQuestion,
    EditionQuiz,
    Question,
    QuizAnswer,
    QuizAttempt,
)
from lms.core.text import fold

_CHANCE: Final = SystemRandom()
_MIXED_KINDS: Final = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
# "Cả A và B", "Tất cả các ý trên", "Không phương án nào": an answer that speaks of the others.
_SPEAKS_OF_OTHERS: Final = re.compile(
    r"^(ca|tat ca|khong (co )?(phuong an|dap an|y|cau|cach))\b"
    r"|\b(phuong an|dap an|y|cau|cach) (tren|[a-h])\b"
    r"|\b[a-h](,| va| hoac) [a-h]\b"
)


def question_count(*, asked: EditionQuiz) -> int:
    """Return how many questions one try puts, those drawn among them; two queries."""
    fixed = EditionQuestion.objects.filter(quiz=asked).count()
    return fixed + (asked.draws.aggregate(drawn=Sum("count"))["drawn"] or 0)


def put_questions(
    *, attempt: QuizAttempt, asked: EditionQuiz, at: datetime, chance: Random = _CHANCE
) -> None:
    """Write a row for each question of a new attempt, in the order in which it asks them.

    What is drawn is new to the person as far as the pools reach.
    """
    units = into_units(_questions(attempt, asked, chance))
    if asked.shuffle_questions:
        chance.shuffle(units)
    questions = [question for unit in units for question in unit]
    versions = versions_of(questions=questions, at=at)
    QuizAnswer.objects.bulk_create(
        QuizAnswer(
            attempt=attempt,
            question=question,
            version=versions[question.pk],
            position=position,
            option_order=_mixed(question, chance) if asked.shuffle_options else [],
        )
        for position, question in enumerate(questions, start=1)
    )


def _questions(attempt: QuizAttempt, asked: EditionQuiz, chance: Random) -> list[Question]:
    """Return those that everybody gets, then those drawn."""
    fixed = EditionQuestion.objects.filter(quiz=asked).order_by("position")
    ids = list(fixed.values_list("question", flat=True))
    pools = frozen_pools(EditionDraw.objects.filter(quiz=asked)).get(asked.pk)
    if pools:
        before = QuizAnswer.objects.filter(
            attempt__enrolment=attempt.enrolment_id, attempt__quiz=asked.quiz_id
        )
        seen = set(before.values_list("question", flat=True))
        ids += chain.from_iterable(draw_questions(pools=pools, seen=seen, chance=chance))
    rows = Question.objects.filter(pk__in=ids).select_related("case").prefetch_related("options")
    questions = {question.pk: question for question in rows}
    return [questions[pk] for pk in ids]


def can_be_mixed(*, kind: str, texts: Iterable[str]) -> bool:
    """Return whether the answers of a question stay true in any order."""
    return kind in _MIXED_KINDS and not any(_SPEAKS_OF_OTHERS.search(fold(one)) for one in texts)


def _mixed(question: Question, chance: Random) -> Sequence[int]:
    options = list(question.options.all())
    if not can_be_mixed(kind=question.kind, texts=[option.text for option in options]):
        return []
    order = [option.pk for option in options]
    chance.shuffle(order)
    return order
