"""Whether an answer is right: one rule for each kind of question, on what a version and an answer
hold. Nothing here asks the database.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Protocol

from courses.domain.numbers import read_number
from courses.enums import QuestionKind
from lms.core.refusal import CatchRefusal
from lms.core.text import TONE_MARKS, fold, nfc

#: An option as a version keeps it: `id`, `text`, `is_correct`; `match`, `tolerance`, `feedback`.
Option = Mapping[str, Any]
_ENDS: Final = " .,;:!?"


class Given(Protocol):
    """What a person answered: ids or pairs of ids, or a text of the person's own."""

    @property
    def chosen(self) -> list[Any]: ...

    @property
    def typed(self) -> str: ...


class Put(Protocol):
    """A question as it was put."""

    kind: str
    options: Any


def is_right(*, version: Put, answer: Given) -> bool:
    """Return whether an answer is right as a whole; none, or half of one, is wrong."""
    return _RULES[QuestionKind(version.kind)](version.options, answer)


def key_of(kind: str, options: Sequence[Option]) -> object:
    """Return what decides which answers are right; equal for two questions judged alike."""
    if kind == QuestionKind.MATCHING:
        return frozenset((one["id"], plain(one.get("match", ""))) for one in options)
    if kind == QuestionKind.ORDERING:
        return tuple(one["id"] for one in options)
    if kind == QuestionKind.NUMBER:
        return frozenset(_bounds(one) for one in options)
    if kind == QuestionKind.SHORT_TEXT:
        return frozenset(_spelling(one["text"]) for one in options)
    return frozenset(one["id"] for one in options if one["is_correct"])


def accepting(*, version: Put, answer: Given) -> list[Option]:
    """Return the options that accept what was typed as a number or a short text."""
    accepts = _is_within if version.kind == QuestionKind.NUMBER else _is_accepted
    return [one for one in version.options if accepts(answer.typed, one)]


def is_same_text(typed: str, right: str) -> bool:
    """Return whether a text is the right one: whatever case, blanks and place of the tone, and word
    by word with its marks or with none.

    Who has no Vietnamese keyboard writes none; a wrong mark is another word.
    """
    words, wanted = _spelling(typed), _spelling(right)
    return (
        bool(words)
        and len(words) == len(wanted)
        and all(word in (one, (fold(one[0]), ())) for word, one in zip(words, wanted, strict=True))
    )


def is_spelt_right(typed: str, right: str) -> bool:
    """Return whether a text has every mark of the right one."""
    return _spelling(typed) == _spelling(right)


def plain(text: str) -> str:
    return nfc(text).casefold()


def match_ids(options: Sequence[Option]) -> dict[str, int]:
    """Return the texts of the right column of a matching, each with the id that stands for it: of
    the first option that has it.
    """
    ids: dict[str, int] = {}
    for one in options:
        ids.setdefault(plain(one.get("match", "")), one["id"])
    return ids


def _choice_is_right(options: Sequence[Option], answer: Given) -> bool:
    correct = [one["id"] for one in options if one["is_correct"]]
    return bool(correct) and sorted(answer.chosen) == sorted(correct)


def _matching_is_right(options: Sequence[Option], answer: Given) -> bool:
    ids = match_ids(options)
    right = [[one["id"], ids[plain(one.get("match", ""))]] for one in options]
    return bool(right) and sorted(answer.chosen) == sorted(right)


def _ordering_is_right(options: Sequence[Option], answer: Given) -> bool:
    return bool(options) and answer.chosen == [one["id"] for one in options]


def _number_is_right(options: Sequence[Option], answer: Given) -> bool:
    return any(_is_within(answer.typed, one) for one in options)


def _short_text_is_right(options: Sequence[Option], answer: Given) -> bool:
    return any(_is_accepted(answer.typed, one) for one in options)


_RULES: Final[Mapping[QuestionKind, Callable[[Sequence[Option], Given], bool]]] = {
    QuestionKind.SINGLE: _choice_is_right,
    QuestionKind.MULTIPLE: _choice_is_right,
    QuestionKind.TRUE_FALSE: _choice_is_right,
    QuestionKind.MATCHING: _matching_is_right,
    QuestionKind.ORDERING: _ordering_is_right,
    QuestionKind.NUMBER: _number_is_right,
    QuestionKind.SHORT_TEXT: _short_text_is_right,
}


def _bounds(option: Option) -> tuple[Decimal, Decimal]:
    """Return the least and the greatest number that is right."""
    number = read_number(option["text"])
    tolerance = read_number(option["tolerance"]) if option.get("tolerance") else Decimal()
    return number - tolerance, number + tolerance


def _is_within(typed: str, option: Option) -> bool:
    with CatchRefusal():
        least, most = _bounds(option)
        return least <= read_number(typed) <= most
    return False


def _is_accepted(typed: str, option: Option) -> bool:
    return is_same_text(typed, option["text"])


def _spelling(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the words, each as its letters and its tones: one tone in two places is the same."""
    words = []
    for word in plain(text).strip(_ENDS).split():
        parts = unicodedata.normalize("NFD", word)
        letters = "".join(part for part in parts if part not in TONE_MARKS)
        tones = tuple(part for part in parts if part in TONE_MARKS)
        words.append((unicodedata.normalize("NFC", letters), tones))
    return tuple(words)
