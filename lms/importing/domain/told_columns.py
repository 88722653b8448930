"""What stands around the rows of a list, as further columns: once for many rows."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from lms.importing.reading.tables import LeftOutReason, Table
from lms.spreadsheets.import_rows import ImportColumn, RowResource, Surroundings


def add_told(
    table: Table, *, sheet_name: str, fields: Sequence[ImportColumn], resource: RowResource
) -> Table:
    """Return the table with a column for each field that titles, groups or names of sheets tell,
    and one each for the groups and, where several sheets are read, their names.

    `sheet_name` is that of the only sheet: its rows do not repeat it.
    """
    arounds = _surroundings(table, sheet_name)
    told = {one: resource.read_around(one) for one in dict.fromkeys(arounds)}
    keys = [field for field in fields if any(field.key in values for values in told.values())]
    columns: list[tuple[str, list[str | None]]] = [
        (
            _("%(field)s, from the titles") % {"field": field.label},
            [told[one].get(field.key) for one in arounds],
        )
        for field in keys
    ]
    groups = [next(reversed(row.groups), None) for row in table.rows]
    if any(groups):
        columns.append((_("Heading of the group"), groups))
    if any(row.sheet for row in table.rows):
        columns.append((_("Name of the sheet"), [row.sheet or None for row in table.rows]))
    if not columns:
        return table
    width = len(table.labels)
    return replace(
        table,
        labels=[*table.labels, *(label for label, _cells in columns)],
        rows=[
            replace(row, cells=[*row.cells, *(cells[place] for _label, cells in columns)])
            for place, row in enumerate(table.rows)
        ],
        added=len(columns),
        told={field.key: width + place for place, field in enumerate(keys)},
    )


def _surroundings(table: Table, sheet_name: str) -> list[Surroundings]:
    """Return what stands around each row."""
    heads: dict[str, list[str]] = {}
    for one in table.left_out:
        if one.reason == LeftOutReason.TITLE:
            heads.setdefault(one.sheet, []).append(one.text)
    return [
        Surroundings(row.groups, row.sheet or sheet_name, tuple(heads.get(row.sheet, ())))
        for row in table.rows
    ]
