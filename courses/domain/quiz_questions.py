"""Which questions a try puts, and in which order: drawn once, then held."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from random import Random, SystemRandom
from typing import Final

from courses.domain.item_order import into_units
from courses.domain.question_versions import versions_of
from courses.enums import QuestionKind
from courses.models import EditionQuestion, EditionQuiz, Question, QuizAnswer, QuizAttempt
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
    """Return how many questions one try puts; one query."""
    return EditionQuestion.objects.filter(quiz=asked).count()


def put_questions(
    *, attempt: QuizAttempt, asked: EditionQuiz, at: datetime, chance: Random = _CHANCE
) -> None:
    """Write a row for each question of a new attempt, in the order in which it asks them."""
    in_order = Question.objects.filter(in_editions__quiz=asked).order_by("in_editions__position")
    units = into_units(in_order.select_related("case").prefetch_related("options"))
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
