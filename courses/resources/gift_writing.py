"""Questions as GIFT, Moodle's text form of questions: what `gift_reading` reads as the same rows."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from courses.enums import QuestionKind
from courses.resources.gift_reading import FALSE, IN_COMMENTS, TRUE
from courses.resources.question_records import QuestionRecord

_SIGNS = re.compile(r"([~=#{}:\\])")
_ALL_POINTS: Final = 100
# Five digits, as Moodle writes a third.
_DIGITS: Final = 5


def write_gift(records: Iterable[QuestionRecord]) -> Iterator[str]:
    """Yield the lines of each question, with a blank one after it."""
    for record in records:
        yield from _comments(record)
        yield f"::{_escaped(record.key)}::[plain]{_escaped(record.text)}{{{_answers(record)}}}\n\n"


def _comments(record: QuestionRecord) -> Iterator[str]:
    yield f"// [id:{record.key}]\n"
    for name in IN_COMMENTS:
        text = " ".join(getattr(record, name).split())
        if text:
            yield f"// {name}: {text}\n"


def _answers(record: QuestionRecord) -> str:
    explained = f"\n\t####{_escaped(record.explanation)}" if record.explanation else ""
    if record.kind == QuestionKind.TRUE_FALSE and [*record.offered.values()] == [TRUE, FALSE]:
        return f"{'TRUE' if record.right == 'a' else 'FALSE'}{explained}"
    several = record.kind == QuestionKind.MULTIPLE or len(record.right) != 1
    lines = [
        _weighed(text, is_right=sign in record.right, rights=len(record.right))
        if several
        else _chosen(text, is_right=sign in record.right)
        for sign, text in record.offered.items()
    ]
    return "".join(f"\n\t{line}" for line in lines) + explained + "\n"


def _chosen(text: str, *, is_right: bool) -> str:
    # A text that begins like points gets some of its own, so that it is not taken for them.
    points = f"%{_ALL_POINTS if is_right else 0}%" if text.lstrip().startswith("%") else ""
    return f"{'=' if is_right else '~'}{points}{_escaped(text)}"


def _weighed(text: str, *, is_right: bool, rights: int) -> str:
    # Whoever ticks all gets nothing.
    points = f"{_ALL_POINTS / rights if is_right else -_ALL_POINTS:.{_DIGITS}f}"
    return f"~%{points.rstrip('0').rstrip('.')}%{_escaped(text)}"


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text.strip()).replace("\r\n", "\n").replace("\n", "\\n")
