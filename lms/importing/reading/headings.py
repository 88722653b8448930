"""The heading of a list: the row or rows that name its columns."""

import math
import re
from collections import Counter
from collections.abc import Collection
from datetime import date

from lms.core.text import fold, nfc
from lms.importing.reading.sheets import Cell, Row, Sheet
from lms.importing.reading.vocabulary import heading, is_known, is_letterhead, is_total

# Letterheads and titles above the heading are shorter than this.
_SEARCHED_ROWS = 60
_MAX_HEIGHT = 3
_LONGEST_LABEL = 120
_YEARS = range(1990, 2101)
_COLUMN_NUMBER = re.compile(r"\(? ?(\d{1,2}|[A-Za-z]) ?\)?( ?=.*)?")
# Days and numbers of sessions stand below a heading that spreads over them.
_MOST_SESSIONS = 40
_HALF_DAYS = {"sang", "chieu", "toi", "buoi sang", "buoi chieu", "buoi toi"}
# How many known headings make it certain.
_CERTAIN = 2


def find_header(sheet: Sheet, names: Collection[str] = ()) -> range | None:
    """Return the rows of the heading, counted from 0, or None.

    The row with most of the headings that offices use, and of `names`; where none has two, the
    first row of texts that is as wide as the list.
    """
    searched = sheet.rows[:_SEARCHED_ROWS]
    named = {heading(name) for name in names} - {""}
    known = [
        sum(is_known(cell) or heading(cell) in named for cell in row if isinstance(cell, str))
        for row in searched
    ]
    most = max(known, default=0)
    if most >= _CERTAIN:
        start = known.index(most)
    else:
        widths = Counter(len(filled(row)) for row in searched if row)
        usual = max(widths, key=lambda width: (widths[width], width), default=0)
        needed = 1 if usual == 1 else max(2, math.ceil(usual / 2))
        candidates = (i for i, row in enumerate(searched) if _may_head(row, needed))
        found = next(candidates, None)
        if found is None:
            return None
        start = found
    end = start + 1
    while end - start < _MAX_HEIGHT and _continues(
        sheet.rows[start:end], sheet.rows[end : end + 1]
    ):
        end += 1
    while (
        start > 0 and end - start < _MAX_HEIGHT and _stands_over(sheet.rows[start - 1 : start + 1])
    ):
        start -= 1
    return range(start, end)


def read_labels(sheet: Sheet, header: range) -> list[str]:
    """Return a label for each column; where one stands above several, both: "Ngày sinh / Năm"."""
    rows = [sheet.rows[number] for number in header]
    width = max(len(row) for row in rows)
    return [_label(rows, column) for column in range(width)]


def filled(row: Row) -> list[Cell]:
    return [cell for cell in row if cell is not None]


def is_numbering(row: Row) -> bool:
    """Return whether a row numbers the columns: (1) (2) (3), or A B 1 2 3,
    as official forms have it.
    """
    marks = [_COLUMN_NUMBER.fullmatch(nfc(str(cell))) for cell in filled(row)]
    found = [mark[1] for mark in marks if mark]
    if len(found) != len(marks) or len(found) < _CERTAIN:
        return False
    numbers = [int(mark) for mark in found if mark.isdigit()]
    letters = [mark for mark in found if not mark.isdigit()]
    in_turn = numbers == list(range(1, len(numbers) + 1))
    return in_turn and letters == found[: len(letters)] and letters == sorted(letters)


def _may_head(row: Row, needed: int) -> bool:
    cells = filled(row)
    texts = [cell for cell in cells if isinstance(cell, str)]
    return (
        len(cells) >= needed
        and bool(texts)
        and all(isinstance(cell, str) or cell in _YEARS for cell in cells)
        and all(len(text) <= _LONGEST_LABEL for text in texts)
        and len({fold(text) for text in texts}) == len(texts)
        and not is_letterhead(texts)
        and not is_numbering(row)
    )


def _continues(above: list[Row], below: list[Row]) -> bool:
    """Return whether the next row is a further row of the heading.

    It holds labels alone, each under nothing, under a label that spreads to the right or
    under one that says less, and leaves a column free whose label reaches down.
    """
    if not below or not filled(below[0]):
        return False
    lower = below[0]
    if not all(_may_be_label(cell) for cell in filled(lower)):
        return False
    upper = [any(at(row, column) is not None for row in above) for column in range(len(lower) + 1)]
    fits = [
        not upper[column]
        or _spreads(above[-1], lower, column)
        or _is_told_below(above[-1], lower, column)
        for column, cell in enumerate(lower)
        if cell is not None
    ]
    reaches_down = any(
        cell is not None and at(lower, column) is None
        for row in above
        for column, cell in enumerate(row)
    )
    # “Buổi” over 1, 2, 3 leaves the first columns free, which a numbering of the columns does not.
    return all(fits) and reaches_down and (lower[0] is None or not is_numbering(lower))


def _may_be_label(cell: Cell) -> bool:
    """Return whether a cell below a heading may go on with it: words, a day, the number of a session."""
    if isinstance(cell, str):
        return not is_total(cell)
    return isinstance(cell, date) or (isinstance(cell, int) and 1 <= cell <= _MOST_SESSIONS)


def _stands_over(rows: list[Row]) -> bool:
    """Return whether the first of the two rows belongs to the heading
    that the second was found to be.
    """
    upper, lower = rows
    return _may_head(upper, _CERTAIN) and _continues([upper], [lower])


def _spreads(upper: Row, lower: Row, column: int) -> bool:
    """Return whether the label in this column stands over this and the next column."""
    return at(upper, column + 1) is None and at(lower, column + 1) is not None


def _is_told_below(upper: Row, lower: Row, column: int) -> bool:
    """Return whether the lower label says what the column holds: “Liên hệ” over “Số điện thoại”, or
    half a day below its day.
    """
    over, under = at(upper, column), at(lower, column)
    if not isinstance(under, str):
        return False
    is_half_day = heading(under) in _HALF_DAYS and not (isinstance(over, str) and is_known(over))
    return is_half_day or (isinstance(over, str) and not is_known(over) and is_known(under))


def at(row: Row, column: int) -> Cell:
    return row[column] if column < len(row) else None


def _label(rows: list[Row], column: int) -> str:
    parts: list[str] = []
    for depth, row in enumerate(rows):
        cell = at(row, column)
        if cell is None and any(at(lower, column) is not None for lower in rows[depth + 1 :]):
            cell = _label_to_the_left(row, column, rows[depth + 1])
        text = nfc(str(cell)) if cell is not None else ""
        if text and fold(text) not in {fold(part) for part in parts}:
            parts.append(text)
    return " / ".join(parts)


def _label_to_the_left(row: Row, column: int, lower: Row) -> Cell:
    """Return the label that spreads to here: the columns between are blank above
    and labelled below.
    """
    for left in range(column - 1, -1, -1):
        if at(lower, left) is None:
            return None
        if (cell := at(row, left)) is not None:
            return cell
    return None
