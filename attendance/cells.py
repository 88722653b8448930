"""How the cells of a list of attendance are read and shown."""

import re
from typing import Any

from django.utils.translation import gettext as _
from import_export.widgets import Widget

from attendance.domain.paper.sheet_codes import read_sheet_code
from attendance.domain.status_words import read_status
from attendance.enums import AttendanceStatus
from lms.core.text import fold


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


class MinutesWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int:
        found = re.fullmatch(r"(\d{1,3})(?: ?(?:phut|p))?", fold(value))
        if found is None:
            raise ValueError(_("“%(text)s” is not a number of minutes.") % {"text": value})
        return int(found[1])

    def render(self, value: int | str | None, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)
