"""What is typed from a sign-in sheet on paper: “3 v, 7 m 15, 9 s 20, 12-14 p”."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from attendance.domain.status_words import read_status
from attendance.domain.wording import describe_mark
from attendance.enums import PRESENT_STATUSES, AttendanceStatus
from lms.core.refusal import Refusal

_MINUTES: Final = r"\s*(?P<{name}>\d{{1,4}})(?:\s*(?:phút|phut|p|'))?"
# What is noted; minutes late; minutes left early.
_NOTED: Final = (
    r"(?P<words>(?:[^\W\d_]+(?:\s+[^\W\d_]+)*?)??)"
    rf"(?:{_MINUTES.format(name='late')})?"
    rf"(?:\s*(?:về sớm|ve som|s){_MINUTES.format(name='early')})?"
)
# Numbers of the sheet, or from one to another, before what is noted.
_PART: Final = re.compile(
    rf"(?P<first>\d{{1,4}})(?:\s*[-–]\s*(?P<last>\d{{1,4}}))?[\s:.=]*{_NOTED}", re.IGNORECASE
)
_CELL: Final = re.compile(_NOTED, re.IGNORECASE)


@dataclass(frozen=True)
class PaperMark:
    """What the sheet says of one line. `minutes_left_early`: None where it says nothing of it."""

    status: AttendanceStatus
    minutes_late: int = 0
    minutes_left_early: int | None = None


@dataclass(frozen=True)
class Difference:
    """A line of the sheet that says something else than the roll. `noted`: "" for nothing yet."""

    number: int
    enrolment: Any
    mark: PaperMark
    noted: str
    said: str

    @property
    def is_plain(self) -> bool:
        """One of the many who have signed and of whom nothing was noted before."""
        return not self.noted and self.mark == PaperMark(AttendanceStatus.PRESENT)


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


def compare_with_roll(reading: PaperReading, people: Sequence[Any]) -> list[Difference]:
    """Return the lines of the sheet that say something else than the roll does, in its order.

    `people`: the roll, as `roll_of` gives it.
    """
    found = []
    for number, enrolment in enumerate(people, start=1):
        mark = reading.marks.get(number)
        if mark is None:
            continue
        noted = (
            enrolment.settled_status,
            enrolment.settled_minutes_late or 0,
            enrolment.settled_minutes_left_early or 0,
        )
        left_early = noted[2] if mark.minutes_left_early is None else mark.minutes_left_early
        said = (mark.status, mark.minutes_late, left_early)
        if noted == said:
            continue
        found.append(
            Difference(
                number=number,
                enrolment=enrolment,
                mark=mark,
                noted=describe_mark(*noted) if enrolment.settled_status else "",
                said=describe_mark(*said),
            )
        )
    return found


def said_of(reading: PaperReading, people: Sequence[Any]) -> dict[int, PaperMark]:
    """Return what the sheet says by enrolment id. `people`: as for `compare_with_roll`."""
    marks = reading.marks
    return {one.pk: marks[number] for number, one in enumerate(people, 1) if number in marks}


def _add(numbers: range, mark: PaperMark, *, marks: dict[int, PaperMark]) -> None:
    for number in numbers:
        if marks.setdefault(number, mark) != mark:
            raise Refusal(
                "number_twice", _("Number %(number)d stands there twice.") % {"number": number}
            )


def read_noted(text: str) -> PaperMark:
    """Read what stands about one person: “x”, “m 15”, “x s 20”, “vắng”. Pure.

    Raises Refusal: `unreadable` and the codes of `read_paper`.
    """
    found = _CELL.fullmatch(text.strip())
    if found is None or not (found["words"] or found["early"]):
        raise Refusal(
            "unreadable",
            _("“%(part)s” cannot be read. Please write x, m 15, p or v.") % {"part": text},
        )
    return _mark_of(found, part=text)


def _read_part(part: str, *, count: int) -> tuple[range, PaperMark]:
    found = _PART.fullmatch(part)
    if found is None or not (found["words"] or found["early"]):
        raise Refusal(
            "unreadable",
            _("“%(part)s” cannot be read. Please write the number, then x, m, p or v: 3 v.")
            % {"part": part},
        )
    mark = _mark_of(found, part=part)
    first = int(found["first"])
    last = int(found["last"] or first)
    if not 1 <= first <= last <= count:
        raise Refusal(
            "no_such_number",
            _("“%(part)s”: the list has the numbers 1 to %(count)d.")
            % {"part": part, "count": count},
        )
    return range(first, last + 1), mark


def _mark_of(found: re.Match[str], *, part: str) -> PaperMark:
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
    return PaperMark(status, late, early)
