"""The list with what was found in it: each cell with an error marked, the reasons at the end."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from lms.importing.enums import RowOutcome
from lms.importing.extensions import ImportKind
from lms.importing.models import ImportBatch, ImportRow
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
