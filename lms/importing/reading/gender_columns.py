"""Columns “Nam” and “Nữ” side by side: ticks, or the year of birth written in one of the two; and
a column “Nữ” alone, ticked for women.
"""

import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise

from lms.core.text import fold, nfc
from lms.importing.reading.sheets import Cell, Row
from lms.importing.reading.vocabulary import heading

_MALE, _FEMALE = "Nam", "Nữ"
_TICKS = {"x", "v", "✓", "✔", "√", "☑", "•", "●", "*", "+", "1", "co", "nam", "nu"}
_NO_TICKS = {"0", "-", "khong"}
_BIRTHS = {"nam sinh": "Năm sinh", "ngay thang nam sinh": "Ngày, tháng, năm sinh"}
# “Năm sinh / Nữ” of two rows, “Năm sinh (Nữ)” of one; “Nam/Nữ” is a column for both.
_SIDE = re.compile(r"(?:(.+?)(?: / | ?\(| - | ))?(nam|nữ)\)?(?: ?\([xv]\))?")
# A day that lost its format is the number of days since 1899.
_DAYS = range(3_654, 73_416)
_BIRTH = re.compile(r"\d{2}|(\d{1,2}[/.-]){0,2}(19|20)\d{2}")
_WHOLE_BIRTH = re.compile(r"(\d{1,2}[/.-]){0,2}(19|20)\d{2}")
# What stands above “Nam | Nữ” where the columns do not count.
_NO_COUNTS = {"", "gioi tinh"}


def join_sexes(labels: list[str], rows: list[Row]) -> list[str]:
    """Return the labels, after two such columns have become one that names the sex (in place).

    Where they hold births, the first becomes the year or date of birth and the second the sex.
    Columns that count men and women are left alone. Every column keeps its place.
    """
    for column, (left, right) in enumerate(pairwise(labels)):
        over, sex = _parted(left)
        if (sex, _parted(right)[1]) != ("nam", "nữ"):
            continue
        pairs = [(row[column], row[column + 1]) for row in rows]
        birth = _birth_of(over, labels, pairs)
        if birth:
            _write(rows, column, [(_other(pair), _sex(pair)) for pair in pairs])
            return [*labels[:column], birth, "Giới tính", *labels[column + 2 :]]
        if over in _NO_COUNTS and _all(pairs, _is_tick):
            ticks = [(_ticked(male), _ticked(female)) for male, female in pairs]
            _write(rows, column, [(_sex(pair), None) for pair in ticks])
            return [*labels[:column], "Giới tính", "", *labels[column + 2 :]]
    return _name_women(labels, rows)


def _birth_of(over: str, labels: list[str], pairs: list[tuple[Cell, Cell]]) -> str:
    """Return what the births in the two columns are called; "" where they hold something else.

    Below a heading for births an odd one among them is theirs, to be told in its row. Where no
    heading says births, all are whole years or dates, and no other column has them.
    """
    cells = [cell for pair in pairs for cell in pair if cell is not None]
    if over in _BIRTHS:
        return _BIRTHS[over] if sum(map(_is_birth, cells)) * 2 > len(cells) else ""
    has_births = any(heading(label) in _BIRTHS for label in labels)
    is_free = over in _NO_COUNTS and bool(cells) and not has_births
    return _BIRTHS["nam sinh"] if is_free and all(map(_is_whole_birth, cells)) else ""


def _name_women(labels: list[str], rows: list[Row]) -> list[str]:
    """Return the labels, after one ticked column “Nữ” has become the sex: a blank is a man."""
    for column, label in enumerate(labels):
        over, sex = _parted(label)
        cells = [row[column] for row in rows]
        is_alone = sex == "nữ" and over in _NO_COUNTS
        ticked = [_ticked(cell) is not None for cell in cells]
        if is_alone and any(ticked) and all(cell is None or _is_mark(cell) for cell in cells):
            for row, is_woman in zip(rows, ticked, strict=True):
                row[column] = _FEMALE if is_woman else _MALE
            return [*labels[:column], "Giới tính", *labels[column + 1 :]]
    return labels


def _parted(label: str) -> tuple[str, str]:
    """Return the heading right above, and “nam” or “nữ” at the end of the label; "" for any other."""
    found = _SIDE.fullmatch(nfc(label).casefold())
    if found is None:
        return "", ""
    return heading((found[1] or "").rsplit(" / ", 1)[-1]), found[2]


def _is_mark(cell: Cell) -> bool:
    return _is_tick(cell) and fold(str(cell)) != "nam"


def _all(pairs: list[tuple[Cell, Cell]], fits: Callable[[Cell], bool]) -> bool:
    return all(fits(cell) for pair in pairs for cell in pair if cell is not None)


def _is_birth(cell: Cell) -> bool:
    if isinstance(cell, int) and cell in _DAYS:
        return True
    return not isinstance(cell, str | int | float) or bool(_BIRTH.fullmatch(str(cell).strip()))


def _is_whole_birth(cell: Cell) -> bool:
    return isinstance(cell, date) or bool(_WHOLE_BIRTH.fullmatch(str(cell).strip()))


def _is_tick(cell: Cell) -> bool:
    return fold(str(cell)) in _TICKS | _NO_TICKS


def _ticked(cell: Cell) -> Cell:
    return None if cell is None or fold(str(cell)) in _NO_TICKS else cell


def _sex(pair: tuple[Cell, Cell]) -> Cell:
    """Return both, where both are filled: the cell is then refused when it is read as a sex."""
    named = [name for name, cell in zip((_MALE, _FEMALE), pair, strict=True) if cell is not None]
    return ", ".join(named) or None


def _other(pair: tuple[Cell, Cell]) -> Cell:
    cells = [cell for cell in pair if cell is not None]
    return cells[0] if len(cells) == 1 else (", ".join(map(str, cells)) or None)


def _write(rows: list[Row], column: int, pairs: list[tuple[Cell, Cell]]) -> None:
    for row, pair in zip(rows, pairs, strict=True):
        row[column : column + 2] = pair
