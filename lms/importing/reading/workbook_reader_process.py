"""Reads one workbook in a process of its own and prints its rows, each as a line of JSON.

A workbook of a few kilobytes can ask its reader for more memory than the machine has: one cell in
the last row of the last column is enough. Here that ends this process and nothing else. It is
started by `sheets.read_sheets` as a plain script: it imports nothing of the suite.

Lines: {"sheet": name, "merged": [[first row, first column, last row, last column], …]} begins a
sheet, a list is one row from the first on, a number that many blank rows; the last line is
{"refused": code} or {"end": true}.
"""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

# 100,000 rows of 20 columns take 250 MB here.
MAX_MEMORY = 512 * 1024 * 1024
MAX_SECONDS = 60
MAX_SHEETS = 60
MAX_COLUMNS = 256
_MAX_MERGED = 10_000


class _UnfitError(Exception):
    """The code of the refusal."""


def print_rows(path: str) -> None:
    """Print the visible sheets of the workbook; a refusal is printed like a row."""
    encode = json.JSONEncoder(ensure_ascii=False, default=_as_json).encode
    try:
        for line in _lines(path):
            sys.stdout.write(f"{encode(line)}\n")
    except _UnfitError as refusal:
        print(json.dumps({"refused": str(refusal)}))  # noqa: T201
    except (CalamineError, OSError, ValueError):
        print(json.dumps({"refused": "damaged"}))  # noqa: T201


def _lines(path: str) -> Iterator[object]:
    # By its content: a path would be judged by its ending, which the store of files may have changed.
    with Path(path).open("rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
        shown = [
            index
            for index, sheet in enumerate(workbook.sheets_metadata)
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        if len(shown) > MAX_SHEETS:
            raise _UnfitError("too_many_sheets")
        for index in shown:
            sheet = workbook.get_sheet_by_index(index)
            merged = sheet.merged_cell_ranges or []
            ranges = [[*first, *last] for first, last in merged[:_MAX_MERGED]]
            yield {"sheet": sheet.name, "merged": ranges}
            yield from _rows(sheet)
    yield {"end": True}


def _rows(sheet: CalamineSheet) -> Iterator[list[object] | int]:
    # The reader begins with the first row, but with the first column that holds something.
    indent: list[object] = [None] * (sheet.start[1] if sheet.start else 0)
    blank = 0
    for row in sheet.iter_rows():
        # Counted in one go: a sheet may have a million rows of nothing.
        if row.count("") == len(row):
            blank += 1
            continue
        cells = [_cell(value) for value in row]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            blank += 1
            continue
        if len(indent) + len(cells) > MAX_COLUMNS:
            raise _UnfitError("too_many_columns")
        if blank:
            yield blank
            blank = 0
        yield indent + cells


def _cell(value: object) -> object:
    """Return whole numbers as such; blanks, and text that is nothing but spaces, as None."""
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return value.isoformat("minutes")
    # A span of hours ([h]:mm): the reader gives nothing else.
    return str(value)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print_rows(sys.argv[1])
