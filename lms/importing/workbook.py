"""The list with what was found in it, each cell with an error marked; and the empty list to fill in."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.importing.enums import RowOutcome
from lms.importing.extensions import ImportKind
from lms.importing.models import ImportBatch, ImportRow
from lms.spreadsheets.import_rows import CellKind, ImportColumn
from lms.spreadsheets.tables import MarkedText, Spreadsheet, harmless_cell


def marked_sheet(*, batch: ImportBatch, kind: ImportKind, rows: Iterable[ImportRow]) -> Spreadsheet:
    """Return all rows under the labels of the file, so that the mended list is mapped as before."""
    labels = batch.choices["labels"]
    fields = [field for field in kind.fields if field.key in labels]
    headings = [labels[field.key] or str(field.label) for field in fields]
    return Spreadsheet(
        title=_("List"),
        headings=[str(harmless_cell(heading)) for heading in (*headings, _("Findings"))],
        rows=([*(_marked_cell(field, row) for field in fields), _found(row)] for row in rows),
    )


def _marked_cell(field: Any, row: ImportRow) -> str:
    # A text that begins as a formula gets its apostrophe here too: the mended list may be saved
    # as CSV.
    text = str(harmless_cell(shown_cell(field, row.cells.get(field.key, ""))))
    reasons = row.errors.get(field.key, [])
    return MarkedText(text, "\n".join(reasons)) if reasons else text


def shown_cell(field: Any, text: str) -> str:
    """Return a cell as people write it; what could not be read stays as it came."""
    try:
        return str(field.widget.render(text) or "")
    except ValueError:
        return text


def _found(row: ImportRow) -> str:
    said = (*row.errors.values(), *row.warnings.values())
    sentences = [sentence for reasons in said for sentence in reasons]
    if row.outcome == RowOutcome.TWIN:
        sentences.append(_("Several people match: please choose one on the page."))
    found = " ".join(sentences) or str(row.get_outcome_display())
    return f"{row.address}: {found}" if row.address else found


_HOW: Final[Mapping[CellKind, str | Promise]] = {
    CellKind.PHONE: gettext_lazy("A phone number with its 0, such as 0912 345 678."),
    CellKind.YEAR: gettext_lazy("A year of four digits, or a date with one."),
    CellKind.SEX: gettext_lazy("“Nam” or “Nữ”."),
    CellKind.DATE: gettext_lazy("Day, month and year, such as 05/03/2014."),
}


def blank_list(kind: ImportKind) -> Spreadsheet:
    """Return the empty list that one fills in: two made-up rows, which are never taken in, and a
    sheet that explains the columns.
    """
    told = [field for field in kind.fields if any(row.get(field.key) for row in kind.examples)]
    return Spreadsheet(
        title=str(kind.label),
        headings=[_("No."), *(str(field.label) for field in told)],
        rows=[[_("Example"), *(row.get(field.key) for field in told)] for row in kind.examples],
        following=[
            Spreadsheet(
                title=_("Explanation"),
                headings=[
                    _("Name of the column"),
                    _("Needed"),
                    _("How to write it"),
                    _("May also be called"),
                ],
                rows=[_explained(field) for field in kind.fields],
                head=[
                    str(kind.help),
                    _("Rows with “Example” in the place of their number are not imported."),
                ],
            )
        ],
    )


def _explained(field: ImportColumn) -> list[str | None]:
    label = str(field.label)
    others = dict.fromkeys(str(alias) for alias in field.aliases)
    return [
        label,
        _("Yes") if field.required else None,
        str(_HOW.get(field.kind, "")) or None,
        ", ".join(alias for alias in others if alias != label),
    ]
