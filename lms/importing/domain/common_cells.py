"""What a list says once for the rows below: “Khả Phong” beside the first of ten people."""

from collections.abc import Sequence
from itertools import groupby

from django.utils.translation import gettext as _

from lms.spreadsheets.import_rows import ImportColumn, SheetRow


def fill_down(
    *, rows: Sequence[SheetRow], blocks: Sequence[object], fields: Sequence[ImportColumn]
) -> None:
    """Fill blank cells of common columns that hold each value once, above its rows (in place).

    `blocks` tell by row the group that it stands in: what one says ends with it. Each filled cell
    is told.
    """
    for field in fields:
        if field.common and _stand_once([row.cells.get(field.key, "") for row in rows]):
            for _block, some in groupby(zip(rows, blocks, strict=True), key=lambda pair: pair[1]):
                _carry([row for row, _same in some], field.key)


def _stand_once(cells: Sequence[str]) -> bool:
    """Return whether the first cell is filled, no value comes again, and blanks are the rule.

    One blank alone is rather forgotten.
    """
    values = [cell for cell in cells if cell]
    blanks = len(cells) - len(values)
    return bool(values and cells[0]) and len(set(values)) == len(values) <= blanks > 1


def _carry(rows: Sequence[SheetRow], key: str) -> None:
    above: SheetRow | None = None
    for row in rows:
        if row.cells.get(key):
            above = row
        elif above is not None and key not in row.errors:
            row.cells[key] = above.cells[key]
            row.notes[key] = _("As in row %(number)s.") % {"number": above.where}
