"""Tables as files: XLSX, ODS and CSV, with typed cells, written row by row in bounded memory."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO, Any, Self

import xlsxwriter
from django.db import models
from django.template.defaultfilters import yesno
from django.utils.encoding import force_str
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, make_naive
from wagtail.coreutils import multigetattr
from xlsxwriter.utility import xl_col_to_name

from lms.core.display import NOTHING
from lms.spreadsheets.ods import OdsSheet, write_ods


class Share(float):
    """A part of a whole, from 0 to 1: a cell shows it in per cent."""


class MarkedText(str):
    """A text with a fault: XLSX marks the cell and tells the fault in a comment."""

    fault: str

    def __new__(cls, text: str, fault: str) -> Self:
        marked = super().__new__(cls, text)
        marked.fault = fault
        return marked


Cell = str | int | float | date | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
# Excel runs a CSV cell that begins like this as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK = "\ufeff".encode()
# The widths follow the first rows, so that the others need not be known.
_MEASURED = 200
_NARROWEST, _WIDEST = 8, 60
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST_TITLE = 31


@dataclass(frozen=True)
class Spreadsheet:
    """One table; `rows` are read once.

    Above the headings: the lines of `head`; in a book, after it: the sheets that follow, which a
    CSV has not.
    """

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    head: Sequence[str] = ()
    following: Sequence["Spreadsheet"] = ()


class FileFormat(models.TextChoices):
    XLSX = "xlsx", "XLSX"
    ODS = "ods", "ODS"
    CSV = "csv", "CSV"


def cell_name(row: int, column: int) -> str:
    """Name a cell as spreadsheets do: row 14 and column 3, counted from 0, are D14."""
    return f"{xl_col_to_name(column)}{row}"


def harmless_cell(value: object) -> object:
    """Put an apostrophe in front of text that Excel would run as a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def value_of(item: Any, path: str) -> Any:
    """Return the value at a dotted path, a choice in words as the list shows it."""
    owner_path, _dot, name = path.rpartition(".")
    owner = multigetattr(item, owner_path) if owner_path else item
    display = getattr(owner, f"get_{name}_display", None)
    return display() if callable(display) else multigetattr(item, path)


def as_cell(value: Any) -> Cell:
    """Return a value as a cell can hold it: numbers and dates as such,
    everything else as people read it.

    Times are those of the clock here: a cell knows no time zone.
    """
    if value is None or value in ("", NOTHING):
        return None
    if isinstance(value, bool):
        return str(yesno(value)).capitalize()
    if isinstance(value, datetime):
        return make_naive(value) if is_aware(value) else value
    if isinstance(value, (int, float, date)):
        return value
    return float(value) if isinstance(value, Decimal) else _as_text(value)


def _as_text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(force_str(part) for part in value)
    if isinstance(value, SafeString):
        return " ".join(strip_tags(value).split())
    return force_str(value)


def write_xlsx(*, sheet: Spreadsheet, file: IO[bytes]) -> None:
    """Write bold headings that stay in sight and filter the rows;
    no text becomes a formula or a link.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        looks = {
            "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1}),
            "day": book.add_format({"num_format": "dd/mm/yyyy"}),
            "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
            "share": book.add_format({"num_format": "0%"}),
            "fault": book.add_format({"bg_color": "#f8d7da", "border": 1}),
        }
        for one in (sheet, *sheet.following):
            _write_page(book.add_worksheet(_title(one.title)), one, looks)


def _write_page(page: Any, sheet: Spreadsheet, looks: dict[str, Any]) -> None:
    widths, rows = measured(sheet)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    for line, words in enumerate(sheet.head):
        page.write_string(line, 0, words)
    first = line = len(sheet.head)
    page.freeze_panes(first + 1, 0)
    for column, heading in enumerate(sheet.headings):
        page.write_string(first, column, heading, looks["head"])
    for line, cells in enumerate(rows, start=first + 1):
        for column, cell in enumerate(cells):
            _write_cell(page, line, column, cell, looks)
    page.autofilter(first, 0, line, len(sheet.headings) - 1)


def _write_cell(page: Any, line: int, column: int, cell: Cell, looks: dict[str, Any]) -> None:
    if isinstance(cell, MarkedText):
        page.write_string(line, column, cell, looks["fault"])
        page.write_comment(line, column, cell.fault)
    elif isinstance(cell, str):
        page.write_string(line, column, cell)
    elif isinstance(cell, date):
        is_moment = isinstance(cell, datetime)
        page.write_datetime(line, column, cell, looks["moment" if is_moment else "day"])
    elif cell is not None:
        look = looks["share"] if isinstance(cell, Share) else None
        page.write_number(line, column, cell, look)


def stream_csv(sheet: Spreadsheet) -> Iterator[bytes]:
    """Yield UTF-8 with a byte order mark, so that Excel reads Vietnamese; dates as ISO 8601."""
    writer = csv.writer(_Echo())
    yield _BYTE_ORDER_MARK
    for line in sheet.head:
        yield writer.writerow([harmless_cell(line)] if line else [])
    yield writer.writerow([harmless_cell(heading) for heading in sheet.headings])
    for cells in sheet.rows:
        yield writer.writerow([_plain(cell) for cell in cells])


def written(sheet: Spreadsheet, write: Callable[..., None]) -> IO[bytes]:
    """Return the file that `write` makes of it, on disk until it is closed."""
    file = TemporaryFile()  # noqa: SIM115 (the response that sends it closes it)
    write(sheet=sheet, file=file)
    file.seek(0)
    return file


def write_ods_sheet(*, sheet: Spreadsheet, file: IO[bytes]) -> None:
    write_ods(file=file, sheets=[_as_ods(one) for one in (sheet, *sheet.following)])


def _as_ods(sheet: Spreadsheet) -> OdsSheet:
    widths, rows = measured(sheet)
    return OdsSheet(
        title=_title(sheet.title),
        headings=sheet.headings,
        rows=rows,
        widths=widths,
        head=sheet.head,
    )


def measured(sheet: Spreadsheet) -> tuple[list[int], Iterator[Sequence[Cell]]]:
    """Return widths in letters that suit the headings and the first rows, and all rows."""
    rest = iter(sheet.rows)
    first = list(islice(rest, _MEASURED))
    widths = [
        min(_WIDEST, max(_NARROWEST, *(_letters(cell) for cell in column)) + 2)
        for column in zip(sheet.headings, *first, strict=True)
    ]
    return widths, chain(first, rest)


def _letters(cell: Cell) -> int:
    if isinstance(cell, datetime):
        return len("31/12/2014 23:59")
    return len("31/12/2014") if isinstance(cell, date) else len(str(cell or ""))


def _title(text: str) -> str:
    """Return a name that both formats allow for a sheet."""
    return " ".join(text.translate(_NOT_IN_TITLES).split())[:_LONGEST_TITLE] or "1"


def _plain(cell: Cell) -> object:
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, Share):
        return round(cell, 4)
    return cell.isoformat() if isinstance(cell, date) else harmless_cell(cell)


class _Echo:
    """What `csv` writes to; hands each line back instead of keeping it."""

    def write(self, line: str) -> bytes:
        return line.encode()
