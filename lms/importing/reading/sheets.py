"""The sheets of a file as rows of plain cells, in bounded memory."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.importing.reading import workbook_reader_process as child
from lms.importing.reading.delimited import decode, read_delimited
from lms.importing.reading.file_types import (
    FileKind,
    refuse_damaged,
)
from lms.importing.reading.merges import Merge, keep_possible
from lms.importing.reading.sheet_layout import SheetLayout, find_layout, numbers
from lms.importing.reading.web_tables import read_web_tables

Cell = str | int | float | bool | date | datetime | None
Row = list[Cell]

MAX_DATA_ROWS = 100_000
# The rows of data are counted when the table has been found; here titles and notes count too.
_MAX_FILLED_ROWS = 101_000
# Blank rows between two that hold something: nobody scrolls past them.
MAX_BLANK_ROWS = 10_000
# 100,000 rows of 30 columns, and of 20 columns of 25 letters.
MAX_CELLS = 3_000_000
MAX_LETTERS = 50_000_000
# Texts that are looked for again: what repeats comes early, names and codes never do.
_KEPT_ONCE = 20_000


@dataclass
class Sheet:
    """`rows[n - 1]` is row n: a list of cells without trailing blanks, [] when it is blank.

    `merged` are ranges of cells shown as one, which stands in the first of them. Whatever the
    file names, no two of them share a cell and none is upside down. What is hidden is counted
    from 0, and stands among the rest.
    """

    name: str
    rows: list[Row]
    merged: list[Merge] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.merged = keep_possible(self.merged, child.MAX_COLUMNS)

    def texts(self) -> Iterator[str]:
        """Yield every text of the sheet, with repeats."""
        return (cell for row in self.rows for cell in row if isinstance(cell, str))


def read_sheets(path: Path, kind: FileKind) -> list[Sheet]:
    """Read the visible sheets that hold something. Raises Refusal.

    To be called after `check_upload`. A text table is one sheet without a name.
    """
    if kind in {FileKind.CSV, FileKind.TSV}:
        collector = _Collector()
        sheets = [Sheet("", [])]
        for row in read_delimited(path):
            collector.add(sheets[0], [cell if cell.strip() else None for cell in row])
    elif kind == FileKind.HTML:
        sheets = _read_web_page(path)
    else:
        sheets = _read_workbook(path)
        _lay_out(sheets, find_layout(path, kind))
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise Refusal("empty", _("The file contains no rows."))
    return filled


def _read_web_page(path: Path) -> list[Sheet]:
    collector = _Collector()
    sheets: list[Sheet] = []
    for number, table in enumerate(read_web_tables(decode(path.read_bytes()) or ""), start=1):
        sheets.append(Sheet(str(number), [], table.merged))
        collector.begin()
        for row in table.rows:
            collector.add(sheets[-1], list(row))
    return sheets


def _lay_out(sheets: list[Sheet], layouts: dict[str, SheetLayout]) -> None:
    for sheet in sheets:
        if layout := layouts.get(sheet.name):
            sheet.hidden_rows = numbers(layout.rows, len(sheet.rows))
            sheet.hidden_columns = numbers(layout.columns, child.MAX_COLUMNS)
            if layout.merged:
                sheet.merged = keep_possible(layout.merged, child.MAX_COLUMNS)


class _Collector:
    """Adds rows to sheets and keeps count of what the whole file asks for."""

    def __init__(self) -> None:
        self.filled = 0
        self.cells = 0
        self.letters = 0
        self.blank = 0
        self._known: dict[str, str] = {}

    def add(self, sheet: Sheet, row: Row) -> None:
        while row and row[-1] is None:
            row.pop()
        if not row:
            self.blank += 1
            return
        self._count(row)
        if self.blank > MAX_BLANK_ROWS:
            raise refuse("spread_out")
        sheet.rows.extend([] for _blank in range(self.blank))
        self.blank = 0
        # The same communes and posts come in every row: kept once.
        sheet.rows.append([self._once(cell) if isinstance(cell, str) else cell for cell in row])

    def begin(self) -> None:
        self.blank = 0

    def _count(self, row: Row) -> None:
        self.filled += 1
        self.cells += len(row)
        self.letters += sum(len(cell) for cell in row if isinstance(cell, str))
        if len(row) > child.MAX_COLUMNS:
            raise refuse("too_many_columns")
        if self.filled > _MAX_FILLED_ROWS:
            raise refuse("too_many_rows")
        if self.cells > MAX_CELLS or self.letters > MAX_LETTERS:
            raise refuse("too_much")

    def _once(self, text: str) -> str:
        if len(self._known) < _KEPT_ONCE:
            return self._known.setdefault(text, text)
        return self._known.get(text, text)


def _read_workbook(path: Path) -> list[Sheet]:
    """Read rows from the child process; its end for want of memory or time is a refusal."""
    command = [sys.executable, "-I", child.__file__, str(path)]
    with subprocess.Popen(  # noqa: S603 the interpreter and the script are ours
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            return _take(process.stdout or [])
        finally:
            process.kill()


def _take(lines: Iterable[bytes]) -> list[Sheet]:
    collector = _Collector()
    sheets: list[Sheet] = []
    decode = json.JSONDecoder(object_hook=_day).decode
    for line in lines:
        content = decode(line.decode())
        if isinstance(content, list):
            collector.add(sheets[-1], content)
        elif isinstance(content, int):
            collector.blank += content
        elif "sheet" in content:
            collector.begin()
            merged = [(top, left, low, right) for top, left, low, right in content["merged"]]
            sheets.append(Sheet(content["sheet"], [], merged))
        elif "refused" in content:
            raise refuse(content["refused"])
        else:
            return sheets
    # No word of the end: the child was ended.
    raise refuse("too_much")


def _day(content: dict[str, Any]) -> Any:
    if "date" in content:
        return date.fromisoformat(content["date"])
    if "datetime" in content:
        # As the file has it, without a zone.
        return datetime.fromisoformat(content["datetime"])
    return content


def refuse(code: str) -> Refusal:
    if code == "damaged":
        return refuse_damaged()
    sentences = {
        "too_many_sheets": _(
            "The workbook has more than %(most)d sheets. Please send only the sheets of the list."
        )
        % {"most": child.MAX_SHEETS},
        "too_many_columns": _(
            "A row has more than %(most)d columns. Please delete the columns on the right that "
            "do not belong to the list."
        )
        % {"most": child.MAX_COLUMNS},
        "too_many_rows": _("The file has more than %(most)s rows. Please divide the list.")
        % {"most": number_format(MAX_DATA_ROWS, force_grouping=True)},
        "spread_out": _(
            "There are thousands of blank rows between the rows of the list. Please delete "
            "anything far below the list."
        ),
        "too_much": _(
            "The workbook needs more memory than a list should. Please copy the rows of the list "
            "into a new workbook and send that."
        ),
    }
    return Refusal(code, sentences[code])
