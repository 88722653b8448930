"""The class that a title, the heading of a group, the name of a sheet or a cell tells."""

import re
from collections.abc import Iterable
from typing import Any

from import_export.widgets import Widget

from lms.core.text import nfc

# “Lớp DA2-KB-01”, “LỚP TẬP HUẤN: kb01”; a number alone or a year is no code.
_CLASS = re.compile(
    r"\b(?:mã )?lớp(?: (?:học|tập huấn|bồi dưỡng|số))*[ :]*(?P<code>[^\W_]+(?:[-_./][^\W_]+)*)",
    re.IGNORECASE,
)


class ClassCodeWidget(Widget):
    """A code, with “Lớp” before it or not."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        return class_code_in([value]) or value


def class_code_in(texts: Iterable[str]) -> str:
    """Return the code in the first text that names one class, "" for none."""
    for text in texts:
        codes = {found["code"] for found in _CLASS.finditer(nfc(text))}
        likely = {code for code in codes if _is_code(code)}
        if len(likely) == 1:
            return likely.pop()
    return ""


def _is_code(text: str) -> bool:
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text))
