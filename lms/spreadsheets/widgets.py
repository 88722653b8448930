"""How the cells of several lists are read and shown."""

from datetime import date
from typing import Any

from import_export.widgets import Widget


class DayWidget(Widget):
    """A cell that was read as a day: ISO inside, day first outside."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> date:
        return date.fromisoformat(value)

    def render(self, value: date | str | None, obj: Any = None, **kwargs: Any) -> str:
        day = date.fromisoformat(value) if isinstance(value, str) and value else value
        return f"{day:%d/%m/%Y}" if day else ""
