"""The completion table as a spreadsheet: typed cells, Vietnamese headings, frozen header."""

from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from lms.reporting.domain.tables import Row, Table
from lms.reporting.extensions import report_columns
from lms.reporting.labels import row_label

FIRST_ROW = 4


def write_completion(*, table: Table) -> bytes:
    """The rows and the total of `table`, with what they were counted from."""
    buffer = BytesIO()
    # Text stays text: a name that begins with "=" is no formula.
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("Completion"))
    bold = book.add_format({"bold": True})
    header = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#e6eef0"})
    formats = {"number": book.add_format({"num_format": "#,##0"}), "bold": bold}
    formats["percent"] = book.add_format({"num_format": "0%"})
    sheet.write(0, 0, table.programme.name, bold)
    sheet.write(1, 0, _("Map: %(edition)s") % {"edition": _edition_label(table)})
    sheet.write(2, 0, _("Taken on %(when)s") % {"when": date_format(localtime(now()), "d/m/Y H:i")})
    for column, heading in enumerate(_headings()):
        sheet.write(FIRST_ROW - 1, column, heading, header)
    for place, row in enumerate([*table.rows, table.total]):
        _write_row(sheet, FIRST_ROW + place, row, table, formats)
    sheet.freeze_panes(FIRST_ROW, 1)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(_headings()), 14)
    book.close()
    return buffer.getvalue()


def _edition_label(table: Table) -> str:
    return f"{table.edition} ({table.edition.legal_basis})"


def _headings() -> list[str]:
    return [
        _("Place"),
        _("People to train"),
        _("In a class"),
        _("Completed"),
        _("Share"),
        _("Communes"),
        _("Communes reached"),
        _("Communes done"),
        *[str(column.label) for column in report_columns],
    ]


def _write_row(sheet: Any, place: int, row: Row, table: Table, formats: dict[str, Any]) -> None:
    figures = row.figures
    is_total = row is table.total
    label = _("Total") if is_total else row_label(row)
    sheet.write(place, 0, label, formats["bold"] if is_total else None)
    counts = [figures.people, figures.enrolled, figures.completed]
    after = [row.communes, row.communes_reached, row.communes_done]
    after += [figures.extra.get(column.key, 0) for column in report_columns]
    for column, count in enumerate(counts, start=1):
        sheet.write_number(place, column, count, formats["number"])
    share = figures.completed / figures.people if figures.people else 0
    sheet.write_number(place, 4, share, formats["percent"])
    for column, count in enumerate(after, start=5):
        sheet.write_number(place, column, count, formats["number"])
