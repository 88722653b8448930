"""The answers of a question as they are written: what each kind needs so that it can be asked."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from courses.domain.judging import is_same_text, plain
from courses.domain.numbers import read_number
from courses.enums import CHOICE_KINDS, QuestionKind
from courses.models import QuestionOption
from courses.models.quizzes import LONGEST_TYPED
from lms.core.refusal import Refusal

#: Fewer say the right answer by themselves.
FEWEST_OPTIONS: Final[Mapping[QuestionKind, int]] = {
    QuestionKind.SINGLE: 2,
    QuestionKind.MULTIPLE: 2,
    QuestionKind.TRUE_FALSE: 2,
    QuestionKind.MATCHING: 2,
    QuestionKind.ORDERING: 3,
    QuestionKind.NUMBER: 1,
    QuestionKind.SHORT_TEXT: 1,
}
#: A list has a column for each; more do not fit on a phone either.
MOST_OPTIONS: Final = 8
#: What stands between the two texts of a pair where it is written in one line.
ARROW: Final = re.compile(r"\s*(?:->|→)\s*")


@dataclass(frozen=True)
class WrittenOption:
    """One answer as a form or a list has it; see `QuestionOption`."""

    text: str
    is_correct: bool = True
    match: str = ""
    tolerance: str = ""
    feedback: str = ""


def written(option: QuestionOption) -> WrittenOption:
    names = ("text", "is_correct", "match", "tolerance", "feedback")
    return WrittenOption(**{name: getattr(option, name) for name in names})


def family_of(kind: str) -> tuple[QuestionKind, ...]:
    """Return the kinds that a question can become with the same answers: its own among them."""
    return CHOICE_KINDS if kind in CHOICE_KINDS else (QuestionKind(kind),)


def check_options(*, kind: str, options: Sequence[WrittenOption]) -> None:
    """Check the answers of a question, in their order.

    Raises Refusal `too_few_options`, `too_many_options`, `same_option`, `none_right`,
    `several_right`, `match_missing`, `one_match`, `arrow_in_text`, `number_below_zero`,
    `answer_too_long`, or as `read_number`.
    """
    known = QuestionKind(kind)
    _check_count(known, len(options))
    _CHECKS[known](known, options)


def _check_count(kind: QuestionKind, count: int) -> None:
    if count < FEWEST_OPTIONS[kind]:
        raise Refusal("too_few_options", _too_few(kind))
    if count > MOST_OPTIONS:
        raise Refusal(
            "too_many_options",
            _("A question can have at most %(most)d answers.") % {"most": MOST_OPTIONS},
        )


def _too_few(kind: QuestionKind) -> str:
    if kind == QuestionKind.MATCHING:
        return _("A matching needs at least two pairs.")
    if kind == QuestionKind.ORDERING:
        return _("An ordering needs at least three items.")
    if kind == QuestionKind.NUMBER:
        return _("Write the number that is right.")
    if kind == QuestionKind.SHORT_TEXT:
        return _("Write at least one accepted answer.")
    return _("A question needs at least two answers.")


def _check_different(texts: Sequence[str]) -> None:
    if len({plain(text) for text in texts}) < len(texts):
        raise Refusal("same_option", _("Two answers are the same. Please change one of them."))


def _check_choice(kind: QuestionKind, options: Sequence[WrittenOption]) -> None:
    _check_different([one.text for one in options])
    rights = sum(one.is_correct for one in options)
    if not rights:
        raise Refusal("none_right", _("Tick the correct answer."))
    if kind != QuestionKind.MULTIPLE and rights > 1:
        raise Refusal(
            "several_right",
            _(
                "Several answers are ticked as correct, but this kind of question has only one. "
                "Untick the others or choose “Several right answers”."
            ),
        )


def _check_matching(_kind: QuestionKind, options: Sequence[WrittenOption]) -> None:
    _check_different([one.text for one in options])
    alone = next((one for one in options if not one.text.strip() or not one.match.strip()), None)
    if alone:
        raise Refusal(
            "match_missing",
            _("“%(text)s” stands alone: each pair needs a text on both sides.")
            % {"text": alone.text.strip() or alone.match.strip()},
        )
    if len({plain(one.match) for one in options}) == 1:
        raise Refusal(
            "one_match", _("All rows have the same answer. Write at least two different ones.")
        )
    if any(ARROW.search(one.text) for one in options):
        raise Refusal(
            "arrow_in_text",
            _("An arrow cannot stand in the left text: in lists it parts the two texts of a pair."),
        )


def _check_ordering(_kind: QuestionKind, options: Sequence[WrittenOption]) -> None:
    _check_different([one.text for one in options])


def _check_numbers(_kind: QuestionKind, options: Sequence[WrittenOption]) -> None:
    for one in options:
        read_number(one.text)
        if one.tolerance and read_number(one.tolerance) < 0:
            raise Refusal("number_below_zero", _("The tolerance cannot be less than 0."))
    _check_different([one.text for one in options])


def _check_short_texts(_kind: QuestionKind, options: Sequence[WrittenOption]) -> None:
    for one in options:
        if not is_same_text(one.text, one.text):
            raise Refusal("too_few_options", _("An accepted answer needs letters or figures."))
        if len(one.text) > LONGEST_TYPED:
            raise Refusal(
                "answer_too_long",
                _("“%(text)s …” is too long to be typed: %(most)d characters at most.")
                % {"text": one.text[:40], "most": LONGEST_TYPED},
            )
    _check_different([one.text for one in options])


_CHECKS: Final[Mapping[QuestionKind, Callable[[QuestionKind, Sequence[WrittenOption]], None]]] = (
    dict.fromkeys(CHOICE_KINDS, _check_choice)
    | {
        QuestionKind.MATCHING: _check_matching,
        QuestionKind.ORDERING: _check_ordering,
        QuestionKind.NUMBER: _check_numbers,
        QuestionKind.SHORT_TEXT: _check_short_texts,
    }
)
