"""What stands around the rows of a list, as further columns: once for many rows."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from lms.importing.reading.tables import LeftOutReason, Table, TableRow
from lms.spreadsheets.import_rows import ImportColumn, RowResource, Surroundings


def add_told(
    table: Table, *, sheet_name: str, fields: Sequence[ImportColumn], resource: RowResource
) -> Table:
    """Return the table with a column for each field that titles, groups or names of sheets tell,
    and one each for the groups and, where several sheets are read, their names.

    `sheet_name` is that of the only sheet: its rows do not repeat it.
    """
    heads: dict[str, list[str]] = {}
    for one in table.left_out:
        if one.reason == LeftOutReason.TITLE:
            heads.setdefault(one.sheet, []).append(one.text)

    def around(row: TableRow) -> Surroundings:
        return Surroundings(row.groups, row.sheet or sheet_name, tuple(heads.get(row.sheet, ())))

    told = {one: resource.read_around(one) for one in dict.fromkeys(map(around, table.rows))}
    keys = [field for field in fields if any(field.key in values for values in told.values())]
    added = {
        _("%(field)s, from the titles") % {"field": field.label}: [
            told[around(row)].get(field.key) for row in table.rows
        ]
        for field in keys
    }
    if any(row.groups for row in table.rows):
        added[_("Heading of the group")] = [next(reversed(row.groups), None) for row in table.rows]
    if any(row.sheet for row in table.rows):
        added[_("Name of the sheet")] = [row.sheet or None for row in table.rows]
    width = len(table.labels)
    return replace(
        table,
        labels=[*table.labels, *added],
        rows=[
            replace(row, cells=[*row.cells, *more])
            for row, more in zip(
                table.rows,
                zip(*added.values(), strict=True) if added else [()] * len(table.rows),
                strict=True,
            )
        ],
        added=len(added),
        told={field.key: width + place for place, field in enumerate(keys)},
    )
