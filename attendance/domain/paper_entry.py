"""What is typed from a sign-in sheet on paper: “3 v, 7 m 15, 12-14 p”."""

import re
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from attendance.domain.status_words import read_status
from attendance.enums import AttendanceStatus
from lms.core.refusal import Refusal

# Numbers of the sheet, or from one to another; what is noted; minutes late.
_PART: Final = re.compile(
    r"(?P<first>\d{1,4})(?:\s*[-–]\s*(?P<last>\d{1,4}))?[\s:.=]*"
    r"(?P<words>[^\W\d_]+(?:\s+[^\W\d_]+)*)"
    r"(?:\s*(?P<minutes>\d{1,4})(?:\s*(?:phút|phut|p|'))?)?"
)


@dataclass(frozen=True)
class PaperMark:
    """What the sheet says of one line."""

    status: AttendanceStatus
    minutes_late: int = 0


@dataclass
class PaperReading:
    """What was typed: a mark for each number of the sheet, and what could not be read."""

    marks: dict[int, PaperMark] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)


def read_paper(text: str, *, count: int) -> PaperReading:
    """Read what was typed from a sheet of `count` lines, numbered from 1.

    Parts stand apart by comma, semicolon or line. Refused by part: `unreadable`,
    `unknown_status`, `no_such_number`, `number_twice`, `minutes_without_late`; the other parts
    stand. Pure.
    """
    reading = PaperReading()
    for part in re.split(r"[,;\n]+", text):
        if not part.strip():
            continue
        try:
            numbers, mark = _read_part(part.strip(), count=count)
            _add(numbers, mark, marks=reading.marks)
        except Refusal as refusal:
            reading.refused.append(refusal)
    return reading


def _add(numbers: range, mark: PaperMark, *, marks: dict[int, PaperMark]) -> None:
    for number in numbers:
        if marks.setdefault(number, mark) != mark:
            raise Refusal(
                "number_twice", _("Number %(number)d stands there twice.") % {"number": number}
            )


def _read_part(part: str, *, count: int) -> tuple[range, PaperMark]:
    found = _PART.fullmatch(part)
    if found is None:
        raise Refusal(
            "unreadable",
            _("“%(part)s” cannot be read. Please write the number, then x, m, p or v: 3 v.")
            % {"part": part},
        )
    status = read_status(found["words"])
    if status is None:
        raise Refusal(
            "unknown_status",
            _("“%(part)s”: please write x (present), m (late), p (excused) or v (absent).")
            % {"part": part},
        )
    minutes = int(found["minutes"] or 0)
    if minutes and status != AttendanceStatus.LATE:
        raise Refusal(
            "minutes_without_late",
            _("“%(part)s”: minutes belong to somebody who came late (m).") % {"part": part},
        )
    first = int(found["first"])
    last = int(found["last"] or first)
    if not 1 <= first <= last <= count:
        raise Refusal(
            "no_such_number",
            _("“%(part)s”: the list has the numbers 1 to %(count)d.")
            % {"part": part, "count": count},
        )
    return range(first, last + 1), PaperMark(status, minutes)
