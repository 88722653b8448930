"""Sheets of the same shape as one list: a workbook with a sheet for each commune."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from lms.core.text import fold
from lms.importing.reading.sheets import Cell
from lms.importing.reading.tables import LeftOut, Table, TableRow
from lms.importing.reading.vocabulary import heading

# What tells a column: its heading, how often that came before, how far it stands beside it.
_Column = tuple[str, int, int]
# Of three headings two are common: a sheet may have remarks more, a summary has other columns.
_COMMON, _OF = 2, 3


def are_same_shape(labels: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether one sheet has all headings of the other and few more, in whatever order."""
    named, other = ({column for column in _columns(some) if column[0]} for some in (labels, others))
    few, many = sorted((named, other), key=len)
    return bool(few) and few <= many and len(few) * _OF >= len(many) * _COMMON


def join_tables(named: Sequence[tuple[str, Table]]) -> Table:
    """Return the tables, each with the name of its sheet, as one under all of their headings.

    Each row keeps its own number as its address and gets another that no other row has.
    """
    if len(named) == 1:
        return named[0][1]
    places: dict[_Column, int] = {}
    labels: list[str] = []
    for _name, table in named:
        for column, label in zip(_columns(table.labels), table.labels, strict=True):
            if column not in places:
                places[column] = len(places)
                labels.append(label)
    rows: list[TableRow] = []
    left_out: list[LeftOut] = []
    for name, table in named:
        own = [places[column] for column in _columns(table.labels)]
        before = rows[-1].number if rows else 0
        rows += [_moved(row, name, own, len(labels), before) for row in table.rows]
        left_out += [replace(one, sheet=name) for one in table.left_out]
    return Table(named[0][1].header_rows, labels, rows, left_out)


def _columns(labels: Sequence[str]) -> list[_Column]:
    columns: list[_Column] = []
    seen: Counter[str] = Counter()
    words, beside = "", 0
    for label in labels:
        if label:
            words, beside = heading(label) or fold(label), 0
            seen[words] += 1
        else:
            beside += 1
        columns.append((words or "", seen[words], beside))
    return columns


def _moved(row: TableRow, sheet: str, own: list[int], width: int, before: int) -> TableRow:
    cells: list[Cell] = [None] * width
    for place, cell in zip(own, row.cells, strict=True):
        cells[place] = cell
    address = row.address or str(row.number)
    return replace(row, number=before + row.number, address=address, sheet=sheet, cells=cells)
