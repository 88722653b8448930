"""What the report shows as a spreadsheet: typed cells, headings of the page, frozen header."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from lms.reporting.domain.tables import Row, Table
from lms.reporting.extensions import report_columns
from lms.reporting.labels import row_label

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST_ROW = 4
WIDE, NARROW = 34, 14

Cells = Sequence[str | int | float | date | None]


def write_completion(*, table: Table) -> bytes:
    """The rows and the total of `table`; a second sheet with its communes, where it has districts."""
    head = _head(table)
    with _open_book() as (buffer, book):
        counted = _count_headings()
        communes = [_("Communes"), _("Communes reached"), _("Communes done")]
        _write_sheet(
            book,
            title=_("Completion"),
            head=head,
            headings=[_("Place"), *counted, *communes, *_column_headings()],
            wide=1,
            rows=[
                [_label(row, table), *_counts(row), *_communes(row), *_columns(row)]
                for row in (*table.rows, table.total)
            ],
        )
        if table.places:
            _write_sheet(
                book,
                title=_("By commune"),
                head=head,
                headings=[_("District"), _("Place"), *counted, *_column_headings()],
                wide=2,
                rows=[
                    [_district(row), _label(row, table), *_counts(row), *_columns(row)]
                    for row in (*table.places, table.total)
                ],
            )
    return buffer.getvalue()


def write_people(*, title: str, head: list[str], headings: list[str], rows: list[Cells]) -> bytes:
    """A list of names: the columns of the page, below what it was taken from."""
    with _open_book() as (buffer, book):
        _write_sheet(
            book, title=title, head=[*head, _taken_on()], headings=headings, wide=1, rows=rows
        )
    return buffer.getvalue()


def _taken_on() -> str:
    return _("Taken on %(when)s") % {"when": date_format(localtime(now()), "d/m/Y H:i")}


@contextmanager
def _open_book() -> Iterator[tuple[BytesIO, Any]]:
    """A workbook that is whole in the buffer when the block ends."""
    buffer = BytesIO()
    # Text stays text: a name that begins with "=" is no formula.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        yield buffer, book


def _write_sheet(
    book: Any,
    *,
    title: str,
    head: list[str],
    headings: list[str],
    wide: int,
    rows: Iterable[Cells],
) -> None:
    """One sheet; the first `wide` columns hold names."""
    sheet = book.add_worksheet(title)
    header = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#e6eef0"})
    formats = {
        int: book.add_format({"num_format": "#,##0"}),
        float: book.add_format({"num_format": "0%"}),
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
        str: None,
    }
    for place, line in enumerate(head):
        sheet.write_string(place, 0, line, book.add_format({"bold": not place}))
    for column, heading in enumerate(headings):
        sheet.write_string(FIRST_ROW - 1, column, heading, header)
    for place, cells in enumerate(rows, start=FIRST_ROW):
        for column, cell in enumerate(cells):
            if cell is not None:
                sheet.write(place, column, cell, formats[type(cell)])
    sheet.freeze_panes(FIRST_ROW, wide)
    sheet.set_column(0, wide - 1, WIDE)
    sheet.set_column(wide, len(headings), NARROW)


def _head(table: Table) -> list[str]:
    edition = f"{table.edition} ({table.edition.legal_basis})"
    return [table.programme.name, _("Map: %(edition)s") % {"edition": edition}, _taken_on()]


def _count_headings() -> list[str]:
    return [
        _("People to train"),
        _("In a class"),
        _("Completed"),
        _("Share"),
        _("Class not begun"),
        _("First class begins on"),
    ]


def _column_headings() -> list[str]:
    return [str(column.label) for column in report_columns]


def _label(row: Row, table: Table) -> str:
    return _("Total") if row is table.total else row_label(row)


def _district(row: Row) -> str:
    return row.district.display_name if row.district else ""


def _counts(row: Row) -> Cells:
    figures = row.figures
    share = figures.completed / figures.people if figures.people else 0.0
    counts = [figures.people, figures.enrolled, figures.completed]
    return [*counts, share, figures.waiting, figures.starts_on]


def _communes(row: Row) -> Cells:
    return [row.communes, row.communes_reached, row.communes_done]


def _columns(row: Row) -> Cells:
    return [row.figures.extra.get(column.key, 0) for column in report_columns]
