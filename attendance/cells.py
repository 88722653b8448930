"""How the cells of a list of attendance are read and shown."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _
from import_export.widgets import Widget

from attendance.domain.paper.sheet_codes import read_sheet_code
from attendance.domain.status_words import read_status
from attendance.enums import AttendanceStatus, DayPart
from lms.core.refusal import Refusal
from lms.core.text import fold
from lms.importing.reading.cells import as_date

HALF: Final = "½"
_DAY_AND_MONTH: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})")
_DAY_PARTS: Final = {
    "sang": DayPart.MORNING,
    "chieu": DayPart.AFTERNOON,
    "toi": DayPart.EVENING,
    **{part.value: part for part in DayPart},
}


@dataclass(frozen=True)
class SessionDay:
    """The day of a session; offices often leave out the year."""

    day: int
    month: int
    year: int | None = None

    def is_on(self, day: date) -> bool:
        return (day.day, day.month) == (self.day, self.month) and self.year in (None, day.year)


class StatusWidget(Widget):
    """“Có mặt”, “đi muộn”, “vắng có phép”, “vắng”, and the signs that rolls on paper use."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        if status := read_status(value):
            return status.value
        raise ValueError(
            _("“%(text)s” is not an attendance status: please write %(words)s.")
            % {"text": value, "words": ", ".join(str(one.label) for one in AttendanceStatus)}
        )

    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        if not value or value not in AttendanceStatus.values:
            return value or ""
        return str(AttendanceStatus(value).label)


class SessionCodeWidget(Widget):
    """The code that stands on the sign-in sheet of a session and in the head of the grid."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int:
        session_id = read_sheet_code(value)
        if session_id is None:
            raise ValueError(_("“%(text)s” is no code of a session.") % {"text": value})
        return session_id


class SessionNumberWidget(Widget):
    """“2” or “Buổi 2”."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int:
        found = re.fullmatch(r"(?:buoi )?(?:so )?0?(\d{1,2})", fold(value))
        if found is None:
            raise ValueError(_("“%(text)s” is not a session number.") % {"text": value})
        return int(found[1])


class SessionDayWidget(Widget):
    """“06/05/2014”, or “6/5” where the class has one such day."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> SessionDay:
        if short := _DAY_AND_MONTH.fullmatch(value.strip()):
            return SessionDay(int(short[1]), int(short[2]))
        try:
            day = as_date(value)
        except Refusal as refusal:
            raise ValueError(refusal.message) from refusal
        assert day is not None  # noqa: S101 (an empty cell is not asked)
        return SessionDay(day.day, day.month, day.year)


class DayPartWidget(Widget):
    """“Sáng”, “chiều”, “tối”, with “buổi” before them or not."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        part = _DAY_PARTS.get(fold(value).removeprefix("buoi ").strip())
        if part is None:
            raise ValueError(
                _("“%(text)s” is not one of these: %(parts)s.")
                % {"text": value, "parts": ", ".join(str(one.label) for one in DayPart)}
            )
        return part.value


class AttendedWidget(Widget):
    """How much of a session somebody attended: minutes, or “½” of it."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int | Fraction:
        return Fraction(1, 2) if value == HALF else MinutesWidget().clean(value)


class MinutesWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int:
        found = re.fullmatch(r"(\d{1,3})(?: ?(?:phut|p))?", fold(value))
        if found is None:
            raise ValueError(_("“%(text)s” is not a number of minutes.") % {"text": value})
        return int(found[1])

    def render(self, value: int | str | None, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)
