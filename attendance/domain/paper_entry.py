"""What is typed from a sign-in sheet on paper: “3 v, 7 m 15, 9 s 20, 12-14 p”."""

import re
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from attendance.domain.status_words import read_status
from attendance.enums import PRESENT_STATUSES, AttendanceStatus
from lms.core.refusal import Refusal

_MINUTES: Final = r"\s*(?P<{name}>\d{{1,4}})(?:\s*(?:phút|phut|p|'))?"
# Numbers of the sheet, or from one to another; what is noted; minutes late; minutes left early.
_PART: Final = re.compile(
    r"(?P<first>\d{1,4})(?:\s*[-–]\s*(?P<last>\d{1,4}))?[\s:.=]*"
    r"(?P<words>(?:[^\W\d_]+(?:\s+[^\W\d_]+)*?)??)"
    rf"(?:{_MINUTES.format(name='late')})?"
    rf"(?:\s*(?:về sớm|ve som|s){_MINUTES.format(name='early')})?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PaperMark:
    """What the sheet says of one line. `minutes_left_early`: None where it says nothing of it."""

    status: AttendanceStatus
    minutes_late: int = 0
    minutes_left_early: int | None = None


@dataclass
class PaperReading:
    """What was typed: a mark for each number of the sheet, and what could not be read."""

    marks: dict[int, PaperMark] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)


def read_paper(text: str, *, count: int) -> PaperReading:
    """Read what was typed from a sheet of `count` lines, numbered from 1.

    Parts stand apart by comma, semicolon or line. Refused by part: `unreadable`,
    `unknown_status`, `no_such_number`, `number_twice`, `minutes_without_late`,
    `left_early_when_away`; the other parts stand. Pure.
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
    if found is None or not (found["words"] or found["early"]):
        raise Refusal(
            "unreadable",
            _("“%(part)s” cannot be read. Please write the number, then x, m, p or v: 3 v.")
            % {"part": part},
        )
    # Who left early was there.
    status = read_status(found["words"]) if found["words"] else AttendanceStatus.PRESENT
    if status is None:
        raise Refusal(
            "unknown_status",
            _("“%(part)s”: please write x (present), m (late), p (excused) or v (absent).")
            % {"part": part},
        )
    late = int(found["late"] or 0)
    if late and status != AttendanceStatus.LATE:
        raise Refusal(
            "minutes_without_late",
            _("“%(part)s”: minutes belong to somebody who came late (m).") % {"part": part},
        )
    early = int(found["early"]) if found["early"] else None
    if early and status not in PRESENT_STATUSES:
        raise Refusal(
            "left_early_when_away",
            _("“%(part)s”: only who was there can leave early.") % {"part": part},
        )
    first = int(found["first"])
    last = int(found["last"] or first)
    if not 1 <= first <= last <= count:
        raise Refusal(
            "no_such_number",
            _("“%(part)s”: the list has the numbers 1 to %(count)d.")
            % {"part": part, "count": count},
        )
    return range(first, last + 1), PaperMark(status, late, early)
