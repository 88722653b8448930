"""Questions as GIFT, Moodle's text form of questions: what `gift_reading` reads as the same rows."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from courses.domain.numbers import read_number
from courses.domain.question_options import WrittenOption
from courses.enums import QuestionKind
from courses.resources.gift_answers import FALSE, TRUE
from courses.resources.gift_reading import ALSO_IN_COMMENTS, IN_COMMENTS
from courses.resources.gift_text import FORMAT
from courses.resources.question_records import QuestionRecord

_SIGNS = re.compile(r"([~=#{}:\\])")
# Moodle reads the items of an ordering as they stand.
_SIGNS_OF_ITEMS = re.compile(r"([{}\\])")
_ALL_POINTS: Final = 100
PLAIN: Final = "[plain]"
# Five digits, as Moodle writes a third.
_DIGITS: Final = 5
# Moodle has no comment on their answers.
_WITHOUT_COMMENTS: Final = (QuestionKind.MATCHING, QuestionKind.ORDERING)


def write_gift(records: Iterable[QuestionRecord]) -> Iterator[str]:
    """Yield the lines of each question, with a blank one after it."""
    for record in records:
        yield from _comments(record)
        yield f"::{_escaped(record.key)}::{PLAIN}{_escaped(record.text)}{{{_answers(record)}}}\n\n"


def _comments(record: QuestionRecord) -> Iterator[str]:
    yield f"// [id:{record.key}]\n"
    names = (*IN_COMMENTS, *(ALSO_IN_COMMENTS if record.kind in _WITHOUT_COMMENTS else ()))
    for name in names:
        text = " ".join(getattr(record, name).split())
        # The answers tell the kind, but that of a text with an arrow.
        if text and (name != "kind" or text == QuestionKind.SHORT_TEXT):
            yield f"// {name}: {text}\n"


def _answers(record: QuestionRecord) -> str:
    write = _WRITERS.get(record.kind, _choices)
    if record.kind == QuestionKind.TRUE_FALSE and [*record.offered.values()] == [TRUE, FALSE]:
        write = _truth
    if record.kind == QuestionKind.ORDERING:
        return write(record)
    has_comments = any(option.feedback for option in record.options())
    # Said even when it is empty, or the comment on the right answer would explain.
    explained = record.explanation or has_comments
    return write(record) + (f"\t####{_formatted(record.explanation)}\n" if explained else "")


def _truth(record: QuestionRecord) -> str:
    comments = {one.is_correct: one.feedback for one in record.options()}
    written = "".join(f"#{_formatted(comments[side])}" for side in (False, True))
    word = "TRUE" if record.right == "a" else "FALSE"
    return word + (written if any(comments.values()) else "") + "\n"


def _choices(record: QuestionRecord) -> str:
    rights = len(record.right)
    several = record.kind == QuestionKind.MULTIPLE or rights != 1
    return _lines(
        _weighed(one, rights=rights) if several else _chosen(one) for one in record.options()
    )


def _pairs(record: QuestionRecord) -> str:
    return _lines(f"={_formatted(one.text)} -> {_escaped(one.match)}" for one in record.options())


def _items(record: QuestionRecord) -> str:
    items = [_in_a_line(_SIGNS_OF_ITEMS.sub(r"\\\1", one.text)) for one in record.options()]
    return "\n".join([f">{len(items)} ALL VERTICAL ALL_OR_NOTHING", *items, ""])


def _numbers(record: QuestionRecord) -> str:
    return "#" + _lines(
        f"={read_number(one.text):f}:{read_number(one.tolerance or '0'):f}{_comment(one)}"
        for one in record.options()
    )


def _texts(record: QuestionRecord) -> str:
    return _lines(map(_accepted, record.options()))


def _accepted(option: WrittenOption) -> str:
    # Alone an asterisk stands for any text.
    text = _formatted(option.text.replace("*", r"\*"))
    return f"={_points_before(option.text, _ALL_POINTS)}{text}{_comment(option)}"


_WRITERS: Final[Mapping[str, Callable[[QuestionRecord], str]]] = {
    QuestionKind.MATCHING: _pairs,
    QuestionKind.ORDERING: _items,
    QuestionKind.NUMBER: _numbers,
    QuestionKind.SHORT_TEXT: _texts,
}


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"\n\t{line}" for line in lines) + "\n"


def _chosen(option: WrittenOption) -> str:
    # After the sign of the right one Moodle reads no points.
    sign = "=" if option.is_correct else f"~{_points_before(option.text, 0)}"
    return f"{sign}{_formatted(option.text)}{_comment(option)}"


def _points_before(text: str, points: int) -> str:
    """Return the points of a text that begins like points, so that it is not taken for them."""
    return f"%{points}%" if text.lstrip().startswith("%") else ""


def _weighed(option: WrittenOption, *, rights: int) -> str:
    # Whoever ticks all gets nothing.
    points = f"{_ALL_POINTS / rights if option.is_correct else -_ALL_POINTS:.{_DIGITS}f}"
    short = points.rstrip("0").rstrip(".")
    return f"~%{short}%{_formatted(option.text)}{_comment(option)}"


def _comment(option: WrittenOption) -> str:
    return f"#{_formatted(option.feedback)}" if option.feedback else ""


def _formatted(text: str) -> str:
    """Return a text that may name its format: one that begins like such a name says its own."""
    return f"{PLAIN if FORMAT.match(text) else ''}{_escaped(text)}"


def _escaped(text: str) -> str:
    return _in_a_line(_SIGNS.sub(r"\\\1", text))


def _in_a_line(text: str) -> str:
    return text.strip().replace("\r\n", "\n").replace("\n", "\\n")
