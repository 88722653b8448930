"""Columns of lists that read as people write them here, and leave in files as what they are."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail.admin.ui.tables import Column

from lms.core.display import vi_date


class DayColumn(Column):
    """A day, also that of a moment, or a moment with `form="time"`: words on the screen, a typed cell
    in a file.
    """

    def __init__(self, *args: Any, form: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form = form

    def get_value(self, instance: Any) -> Any:
        value = super().get_value(instance)
        # What stands as a day on the screen is one in the file.
        if isinstance(value, datetime) and self.form != "time":
            return timezone.localdate(value)
        return value

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return context | {"value": vi_date(context["raw_value"], self.form)}
