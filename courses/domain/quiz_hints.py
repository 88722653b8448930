"""Whether a text names the right answer: it is kept back from whoever may try again.

What a page can know: words of the key. Whoever paraphrases it, in an explanation or a feedback,
still gives it away.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from courses.domain.judging import Option, Put
from courses.enums import CHOICE_KINDS, QuestionKind
from lms.core.text import fold

_WORD: Final = re.compile(r"\w+")
# "Đáp án đúng là B", "chọn phương án C", "ý D đúng".
_LETTER: Final = re.compile(r"\b(dap an|phuong an|lua chon|chon|cau|y) (dung )?(la )?[a-h]\b")
# Of two answers the other one is right, whatever is kept back.
_TELLING_OPTIONS: Final = 3


def names_answer(*, version: Put, text: str) -> bool:
    """Return whether the text holds what is right in the words of the question.

    Of an order and of two answers it tells nothing: there every text names them, or all is told
    by "wrong".
    """
    said = _words(text)
    if version.kind in CHOICE_KINDS:
        if len(version.options) < _TELLING_OPTIONS:
            return False
        right = [one["text"] for one in version.options if one["is_correct"]]
        return bool(_LETTER.search(" ".join(said))) or any(_holds(said, one) for one in right)
    if version.kind == QuestionKind.MATCHING:
        return any(all(_holds(said, one) for one in pair) for pair in _pairs(version.options))
    if version.kind == QuestionKind.ORDERING:
        return False
    return any(_holds(said, one["text"]) for one in version.options)


def _pairs(options: Sequence[Option]) -> Iterator[tuple[str, str]]:
    return ((one["text"], one["match"]) for one in options if one["text"])


def _holds(said: Sequence[str], text: str) -> bool:
    """Return whether these words follow each other there; no words are nowhere."""
    words = _words(text)
    size = len(words)
    return size > 0 and any(said[at : at + size] == words for at in range(len(said) - size + 1))


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))
