"""How the cells of a list of units are read and shown."""

import re
from typing import Any

from django.utils.translation import gettext as _
from import_export.widgets import Widget

from lms.core.requests import read_number
from lms.geography.domain.naming import level_named
from lms.geography.enums import Level

_LONGEST_CODE = 20
_MOST_UNITS = 100_000
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class EditionCodeWidget(Widget):
    """The code of an edition; Excel shows one that is a day as 01/07/2025."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        day = _DAY.fullmatch(value)
        code = f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}" if day else value
        if len(code) > _LONGEST_CODE:
            raise ValueError(
                _("This is too long: %(most)s characters at most.") % {"most": str(_LONGEST_CODE)}
            )
        return code


class LevelWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        level = level_named(text=value)
        if level is None:
            raise ValueError(
                _("“%(text)s” is not one of the levels: %(levels)s.")
                % {"text": value, "levels": "; ".join(str(one.label) for one in Level)}
            )
        return str(level.value)

    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        return str(Level(value).label) if value in Level.values else value or ""


class CountWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int:
        number = read_number(value)
        if number is None or number > _MOST_UNITS:
            raise ValueError(_("“%(text)s” is not a number of units.") % {"text": value})
        return number


class CodesWidget(Widget):
    """Several codes in a cell: `;` between them, or whatever else people put there."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        codes = re.findall(r"[^\s;,/+]+", value)
        wrong = [code for code in codes if re.fullmatch(r"[0-9A-Za-z]{1,10}", code) is None]
        if wrong:
            raise ValueError(
                _("“%(text)s” is not a unit code: please separate codes with “;”.")
                % {"text": wrong[0]}
            )
        return "; ".join(codes)
