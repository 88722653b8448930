"""A table in a lesson: typed, or pasted from Word or Excel as lines with tabs."""

from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

# A phone shows no more beside each other.
MOST_COLUMNS: Final = 6
MOST_ROWS: Final = 60


@dataclass(frozen=True)
class Table:
    head: list[str]
    rows: list[list[str]]


def read_table(text: str) -> Table:
    """Return the table that these lines write; the first one is its heading.

    Cells are parted by tabs, as programs copy them, or by "|" where somebody types.
    """
    lines = [_cells(line) for line in text.splitlines() if line.strip(" |\t")]
    return Table(head=lines[0] if lines else [], rows=lines[1:])


def _cells(line: str) -> list[str]:
    # Tabs at the ends are empty cells; bars there are the frame of the table.
    parts = line.split("\t") if "\t" in line else line.strip().strip("|").split("|")
    return [" ".join(part.split()) for part in parts]


def check_table(text: str) -> None:
    """Raise ValidationError with one sentence for what no table can be made of."""
    table = read_table(text)
    width = len(table.head)
    if not table.rows or width < 2:  # noqa: PLR2004 (one column is a list)
        raise ValidationError(
            _("A table has a heading, at least one row and two columns. Part cells by tab or “|”."),
            code="too_small",
        )
    if width > MOST_COLUMNS or len(table.rows) > MOST_ROWS:
        raise ValidationError(
            _("A phone shows at most %(columns)s columns and %(rows)s rows: split the table.")
            % {"columns": MOST_COLUMNS, "rows": MOST_ROWS},
            code="too_large",
        )
    for number, row in enumerate(table.rows, start=2):
        if len(row) != width:
            raise ValidationError(
                _(
                    "Line %(line)s has %(cells)s cells, the heading has %(width)s. "
                    "A cell is one line; leave an empty one between two tabs or bars."
                )
                % {"line": number, "cells": len(row), "width": width},
                code="uneven",
            )


class CellsBlock(blocks.TextBlock):
    """The lines of a table, kept as they were typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[check_table], **kwargs)


def _example() -> dict[str, str]:
    lines = (
        _("What you see | Whom you tell | How soon"),
        _("A child is in danger | Call 111 | At once"),
    )
    return {"caption": _("Whom to tell, and how soon"), "cells": "\n".join(lines)}


class TableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy("What the table tells; shown above it."),
    )
    cells = CellsBlock(
        label=gettext_lazy("Cells"),
        rows=6,
        help_text=gettext_lazy(
            "Paste the table from Word or Excel here, or type one row a line with “|” between the "
            "cells. The first line is the heading."
        ),
    )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        table = read_table(value["cells"])
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        rows = [
            [{"label": label, "text": text} for label, text in zip(table.head, row, strict=False)]
            for row in table.rows
        ]
        return context | {"head": table.head, "rows": rows}

    class Meta:
        icon = "table"
        label = gettext_lazy("Table")
        template = "courses/blocks/table.html"
        description = gettext_lazy("Few columns of short words; becomes cards on a phone.")
        preview_value = staticmethod(_example)
