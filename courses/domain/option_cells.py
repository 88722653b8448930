"""One answer of a question in one cell of a list: “Bị đánh → Báo ngay”, “1,5 ± 0,5”."""

import re
from collections.abc import Sequence
from typing import Final

from courses.domain.judging import key_of
from courses.domain.question_options import ARROW, WrittenOption
from courses.enums import QuestionKind
from lms.core.refusal import CatchRefusal

_PLUS_MINUS: Final = re.compile(r"\s*(?:±|\+/-|\+-)\s*")


def write_option(kind: str, option: WrittenOption) -> str:
    """Return the cell of an answer; `read_option` reads it as the same."""
    if kind == QuestionKind.MATCHING:
        return f"{option.text} → {option.match}"
    if kind == QuestionKind.NUMBER and option.tolerance:
        return f"{option.text} ± {option.tolerance}"
    return option.text


def read_option(
    kind: str, cell: str, *, is_correct: bool = True, feedback: str = ""
) -> WrittenOption:
    """Return the answer that a cell holds; what is missing of a pair is left empty."""
    if kind == QuestionKind.MATCHING:
        text, match = (*ARROW.split(cell, maxsplit=1), "")[:2]
        return WrittenOption(text.strip(), match=match.strip(), feedback=feedback)
    if kind == QuestionKind.NUMBER:
        text, tolerance = (*_PLUS_MINUS.split(cell, maxsplit=1), "")[:2]
        return WrittenOption(text.strip(), tolerance=tolerance.strip(), feedback=feedback)
    return WrittenOption(cell, is_correct=is_correct, feedback=feedback)


def are_same_numbers(cells: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether two lists of cells mean the same numbers, however they are written."""
    with CatchRefusal():
        return _numbers(cells) == _numbers(others)
    return False


def _numbers(cells: Sequence[str]) -> list[object]:
    options = [read_option(QuestionKind.NUMBER, cell) for cell in cells]
    return [
        key_of(QuestionKind.NUMBER, [{"text": one.text, "tolerance": one.tolerance}])
        for one in options
    ]
