"""The list with what was found in it: each cell with an error marked, the reasons at the end."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from lms.importing.enums import RowOutcome
from lms.importing.extensions import ImportKind
from lms.importing.models import ImportBatch, ImportRow
from lms.spreadsheets.tables import harmless_cell

_WIDTH, _WIDE = 18, 60


def write_marked(*, batch: ImportBatch, kind: ImportKind, rows: Iterable[ImportRow]) -> bytes:
    """All rows under the labels of the file, so that the mended list is mapped as before."""
    labels = batch.choices["labels"]
    fields = [field for field in kind.fields if field.key in labels]
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(_("List"))
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        wrong = book.add_format({"bg_color": "#f8d7da", "border": 1})
        headings = [labels[field.key] or str(field.label) for field in fields]
        for place, heading in enumerate([*headings, _("Findings")]):
            sheet.write_string(0, place, str(harmless_cell(heading)), head)
        for line, row in enumerate(rows, start=1):
            for place, field in enumerate(fields):
                text = str(harmless_cell(shown_cell(field, row.cells.get(field.key, ""))))
                reasons = row.errors.get(field.key, [])
                sheet.write_string(line, place, text, wrong if reasons else None)
                if reasons:
                    sheet.write_comment(line, place, "\n".join(reasons))
            sheet.write_string(line, len(fields), _found(row))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(fields) - 1, _WIDTH)
        sheet.set_column(len(fields), len(fields), _WIDE)
    return buffer.getvalue()


def shown_cell(field: Any, text: str) -> str:
    """A cell as people write it; what could not be read stays as it came."""
    try:
        return str(field.widget.render(text) or "")
    except ValueError:
        return text


def _found(row: ImportRow) -> str:
    said = (*row.errors.values(), *row.warnings.values())
    sentences = [sentence for reasons in said for sentence in reasons]
    if row.outcome == RowOutcome.TWIN:
        sentences.append(_("Several people match: please choose one on the page."))
    return " ".join(sentences) or str(row.get_outcome_display())
