"""How the questions of a quiz do, as the answers of those who took it tell."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from courses.enums import CHOICE_KINDS, ItemFault
from courses.models import Question, QuestionVersion, Quiz, QuizAnswer, QuizAttempt
from lms.accounts.models import User

#: Of fewer first tries a figure says more about chance than about the question.
ENOUGH: Final = 20
#: The share of the best and of the weakest tries that are compared, in percent, as is customary.
GROUP_PERCENT: Final = 27
HARDEST, EASIEST = 30, 95
#: How many percent points more of the best than of the weakest get a question right that tells
#: who has learned.
TELLING: Final = 10


@dataclass(frozen=True)
class OptionUse:
    text: str
    is_correct: bool
    count: int
    percent: int


@dataclass(frozen=True)
class ItemStatistics:
    """`percent`: of the answers are right. `gap`: how many percent points more of the best tries
    than of the weakest; None of too few. `options`: empty where nothing is chosen. `blank`: how
    many left it empty, which counts as wrong.
    """

    question: Question
    answers: int
    percent: int
    gap: int | None
    options: list[OptionUse]
    blank: int
    faults: list[ItemFault]


@dataclass(frozen=True)
class _Answer:
    attempt: int
    chosen: Collection[int]
    typed: str
    is_correct: bool


def item_statistics(*, quiz: Quiz, reader: User) -> list[ItemStatistics]:
    """Return each question that was answered, those to look at first; three queries.

    Counted are first tries that were handed in, of people whom the reader may see: whoever tries
    again has read the explanations.
    """
    tries = QuizAttempt.objects.visible_to(reader).submitted().filter(quiz=quiz, number=1)
    by_question: dict[int, list[_Answer]] = defaultdict(list)
    rows = QuizAnswer.objects.filter(attempt__in=tries, is_correct__isnull=False)
    kept = rows.values_list("question", "attempt", "chosen", "typed", "is_correct")
    for pk, *facts in kept.iterator():
        by_question[pk].append(_Answer(*facts))
    best, weakest = _groups(list(tries.order_by("percent", "pk").values_list("pk", flat=True)))
    latest = {
        version.question_id: version
        for version in QuestionVersion.objects.filter(question__in=by_question)
        .select_related("question")
        .order_by("number")
    }
    items = [
        _item(latest[pk], answers, best=best, weakest=weakest)
        for pk, answers in by_question.items()
    ]
    return sorted(items, key=lambda item: (-len(item.faults), item.question.key))


def _groups(in_order: Sequence[int]) -> tuple[set[int], set[int]]:
    """Return the best and the weakest tries of these, the weakest first; none of too few."""
    size = len(in_order) * GROUP_PERCENT // 100 if len(in_order) >= ENOUGH else 0
    return (set(in_order[-size:]), set(in_order[:size])) if size else (set(), set())


def _item(
    version: QuestionVersion, answers: list[_Answer], *, best: set[int], weakest: set[int]
) -> ItemStatistics:
    percent = _percent(sum(one.is_correct for one in answers), len(answers))
    upper, lower = _share_in(best, answers), _share_in(weakest, answers)
    gap = upper - lower if upper is not None and lower is not None else None
    options = _uses(version, answers)
    faults = _faults(percent, gap, options) if len(answers) >= ENOUGH else []
    return ItemStatistics(
        question=version.question,
        answers=len(answers),
        percent=percent,
        gap=gap,
        options=options,
        blank=sum(not (one.chosen or one.typed) for one in answers),
        faults=faults,
    )


def _share_in(group: set[int], answers: list[_Answer]) -> int | None:
    of_group = [one.is_correct for one in answers if one.attempt in group]
    return _percent(sum(of_group), len(of_group)) if of_group else None


def _uses(version: QuestionVersion, answers: list[_Answer]) -> list[OptionUse]:
    if version.kind not in CHOICE_KINDS:
        return []
    counts: Counter[int] = Counter(pk for one in answers for pk in one.chosen)
    return [_use(option, counts[option["id"]], len(answers)) for option in version.options]


def _use(option: dict[str, Any], count: int, answers: int) -> OptionUse:
    return OptionUse(option["text"], option["is_correct"], count, _percent(count, answers))


def _faults(percent: int, gap: int | None, options: list[OptionUse]) -> list[ItemFault]:
    right = [one.count for one in options if one.is_correct]
    wrong = [one.count for one in options if not one.is_correct]
    found = {
        ItemFault.WRONG_PREFERRED: bool(right and wrong) and max(wrong) > max(right),
        ItemFault.TOO_HARD: percent < HARDEST,
        ItemFault.TELLS_NOTHING: gap is not None and gap < TELLING and percent <= EASIEST,
        ItemFault.TOO_EASY: percent > EASIEST,
        ItemFault.NEVER_CHOSEN: percent <= EASIEST and 0 in wrong,
    }
    return [fault for fault, is_so in found.items() if is_so]


def _percent(part: int, whole: int) -> int:
    return part * 100 // whole if whole else 0
