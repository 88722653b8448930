"""The list inside a sheet: its heading, its rows, and what was left out and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.core.refusal import Refusal
from lms.core.text import nfc
from lms.importing.reading.gender_columns import join_sexes
from lms.importing.reading.groups import (
    Groups,
    heads_a_group,
    may_be_somebody,
    repeat_above,
)
from lms.importing.reading.headings import at, filled, find_header, is_numbering, read_labels
from lms.importing.reading.merges import Merge
from lms.importing.reading.several_tables import looks_like_person
from lms.importing.reading.sheets import MAX_DATA_ROWS, Row, Sheet, refuse
from lms.importing.reading.vocabulary import (
    RUNNING_NUMBER,
    heading,
    is_person_label,
    is_place_label,
    is_signature,
    is_total,
)

# Nothing that people merge by hand is as much; a hostile file may merge every row with every other.
_MOST_FILLED = 1_000_000
_TEXT_SHOWN = 120
# What stands in the place of the number in the made-up rows of our empty lists.
_EXAMPLE = {"vi du", "example"}

Fit = TypeVar("Fit")


class LeftOutReason(models.TextChoices):
    TITLE = "title", _("above the heading")
    NUMBERING = "numbering", _("column numbers")
    REPEATED = "repeated", _("the heading repeated")
    SECTION = "section", _("heading of a section")
    NAME = "name", _("a name alone, taken for the heading of a section")
    TOTAL = "total", _("total")
    COLUMN = "column", _("a column that the list does not need")
    FOOTER = "footer", _("below the list: date, signature")
    PERSON = "person", _("looks like a person, above the heading")
    HIDDEN = "hidden", _("hidden in the file")
    EXAMPLE = "example", _("a made-up row of the empty list")


@dataclass(frozen=True, slots=True)
class TableRow:
    """`number` is the row's number in the sheet; as many cells as the table has labels.

    `fault` says why the row cannot be taken in, `remark` what of it is left out, `address` in which
    cell it stands: only a file that is read in another shape knows.
    """

    number: int
    cells: Row
    address: str = ""
    fault: str = ""
    remark: str = ""
    #: The headings of the groups that it stands in, the outermost first.
    groups: tuple[str, ...] = ()
    #: The sheet that it stands in, where several are one list.
    sheet: str = ""


@dataclass(frozen=True)
class LeftOut:
    number: int
    reason: LeftOutReason
    text: str
    sheet: str = ""


@dataclass(frozen=True)
class Table:
    """The list of a sheet; `header_rows` are the numbers of the rows of its heading."""

    header_rows: tuple[int, ...]
    labels: list[str]
    rows: list[TableRow]
    left_out: list[LeftOut]
    #: How many of the columns, at the end, are not of the file but say what stands around a row.
    added: int = 0
    #: Of these, the column of each field that the surroundings tell.
    told: Mapping[str, int] = field(default_factory=dict)


def find_table(sheet: Sheet, names: Collection[str] = ()) -> Table:
    """Find the list of a sheet; raise Refusal when it has no heading or no rows.

    `names` are what the columns of such a list are called, beside the headings that offices use.
    Blank rows are passed over. A cell merged over several rows counts in each of them.
    """
    header = find_header(sheet, names)
    if header is None:
        raise Refusal(
            "no_header",
            gettext(
                "No heading was found: a row that names the columns, such as “Họ và tên” and "
                "“Năm sinh”."
            ),
        )
    labels = read_labels(sheet, header)
    running = next((i for i, label in enumerate(labels) if heading(label) == RUNNING_NUMBER), None)
    rows, left_out = _sort_rows(sheet, header, labels, running)
    if not rows:
        raise Refusal("no_rows", gettext("No rows were found below the heading."))
    if len(rows) > MAX_DATA_ROWS:
        raise refuse("too_many_rows")
    width = max(_length(labels), *(_length(row.cells) for row in rows))
    fitted = [
        TableRow(row.number, _fitted(row.cells, width, None), groups=row.groups) for row in rows
    ]
    return Table(
        header_rows=tuple(number + 1 for number in header),
        labels=join_sexes(_fitted(labels, width, ""), [row.cells for row in fitted]),
        rows=fitted,
        left_out=left_out,
    )


def hidden_in(table: Table, sheet: Sheet) -> tuple[int, list[str]]:
    """Return how many rows of the table the sheet hides, and which of its columns that hold
    something, by label.
    """
    rows = sum(row.number - 1 in sheet.hidden_rows for row in table.rows)
    columns = [
        label or "–"
        for place, label in enumerate(table.labels)
        if place in sheet.hidden_columns and any(row.cells[place] is not None for row in table.rows)
    ]
    return rows, columns


def leave_hidden(table: Table, sheet: Sheet) -> Table:
    """Return the table without what the sheet hides; a column keeps its place and holds nothing.

    Raises Refusal when all rows are hidden.
    """
    rows: list[TableRow] = []
    left_out = list(table.left_out)
    for row in table.rows:
        if row.number - 1 in sheet.hidden_rows:
            left_out.append(LeftOut(row.number, LeftOutReason.HIDDEN, _shown(row.cells)))
            continue
        cells = [
            None if place in sheet.hidden_columns else cell for place, cell in enumerate(row.cells)
        ]
        rows.append(replace(row, cells=cells))
    if not rows:
        raise Refusal("all_hidden", gettext("All rows of the list are hidden in the file."))
    labels = [
        "" if place in sheet.hidden_columns else label for place, label in enumerate(table.labels)
    ]
    return replace(table, labels=labels, rows=rows, left_out=left_out)


def _sort_rows(
    sheet: Sheet, header: range, labels: list[str], running: int | None
) -> tuple[list[TableRow], list[LeftOut]]:
    """Return the rows of the list, and those around and between them with the reason."""
    rows: list[TableRow] = []
    left_out = [
        LeftOut(
            number,
            LeftOutReason.PERSON if looks_like_person(row) else LeftOutReason.TITLE,
            _shown(row),
        )
        for number, row in enumerate(sheet.rows[: header.start], start=1)
        if row
    ]
    body = _fill_merged(_join_spread(sheet, header, labels), sheet.merged, header.stop)
    end = _end(body, running)
    groups = Groups()
    heading_texts = {_words(sheet.rows[number]) for number in header}
    for index, row in enumerate(body):
        if not row:
            continue
        reason = _reason(row, labels, running, first=not rows)
        if _words(row) in heading_texts:
            reason = LeftOutReason.REPEATED
        if index >= end and reason != LeftOutReason.TOTAL and not looks_like_person(row):
            reason = LeftOutReason.FOOTER
        number = header.stop + index + 1
        if reason is None:
            rows.append(TableRow(number, row, groups=groups.texts))
        else:
            if reason in {LeftOutReason.SECTION, LeftOutReason.NAME}:
                groups.begin(row)
            left_out.append(LeftOut(number, reason, _shown(row)))
    # An answer of a question may be such a sign.
    if any(is_person_label(label) or is_place_label(label) for label in labels):
        repeat_above([row.cells for row in rows])
    return rows, left_out


def _reason(
    row: Row, labels: list[str], running: int | None, *, first: bool
) -> LeftOutReason | None:
    """Return why a row above the end of the list is no row of it, or None."""
    if first and is_numbering(row):
        return LeftOutReason.NUMBERING
    if _is_example(row, running):
        return LeftOutReason.EXAMPLE
    numbered = _is_numbered(row, running)
    texts = [cell for cell in row if isinstance(cell, str)]
    if not numbered and texts and is_total(texts[0]):
        return LeftOutReason.TOTAL
    if heads_a_group(row, labels, is_numbered=numbered):
        of_people = any(map(is_person_label, labels))
        named = of_people and may_be_somebody(row)
        return LeftOutReason.NAME if named else LeftOutReason.SECTION
    return None


def _words(row: Row) -> tuple[object, ...]:
    """Return the cells; headings come again with stray blanks and in capitals."""
    return tuple(heading(cell) or cell if isinstance(cell, str) else cell for cell in filled(row))


def _is_example(row: Row, running: int | None) -> bool:
    """Return whether a row says of itself in the place of its number that it is made up."""
    cell = at(row, running) if running is not None else None
    return isinstance(cell, str) and heading(cell) in _EXAMPLE


def _is_numbered(row: Row, running: int | None) -> bool:
    cell = at(row, running) if running is not None else None
    return isinstance(cell, int) or (isinstance(cell, str) and cell.strip(" .").isdigit())


def _end(body: list[Row], running: int | None) -> int:
    """Return where the list ends: the first row of signatures that no numbered row follows."""
    after = 0
    for index, row in enumerate(body):
        if _is_numbered(row, running):
            after = index + 1
    for index in range(after, len(body)):
        cells = filled(body[index])
        if cells and all(isinstance(cell, str) and is_signature(cell) for cell in cells):
            return index
    return len(body)


def _join_spread(sheet: Sheet, header: range, labels: list[str]) -> list[Row]:
    """Return the rows below the heading; columns under one label without parts are one text.

    “Họ và tên” often stands over two columns, the given name in the second.
    """
    spread = [
        (left, right)
        for top, left, low, right in sheet.merged
        if top in header
        and low == header.stop - 1
        and left < right < len(labels) + 1
        and all(not label for label in labels[left + 1 : right + 1])
    ]
    body = [list(row) for row in sheet.rows[header.stop :]]
    for left, right in spread:
        for row in body:
            parts = filled(row[left : right + 1])
            if len(parts) > 1 and all(isinstance(part, str) for part in parts):
                row[left : right + 1] = [
                    " ".join(map(str, parts)),
                    *[None] * (len(row[left : right + 1]) - 1),
                ]
    return body


def _fill_merged(body: list[Row], merged: list[Merge], start: int) -> list[Row]:
    """Fill a cell merged over several rows, such as the commune of ten people, into each."""
    filled_cells = 0
    for top, left, low, _right in merged:
        if top < start or low == top:
            continue
        value = at(body[top - start], left) if top - start < len(body) else None
        if value is None:
            continue
        for row in islice(body, top - start + 1, low - start + 1):
            filled_cells += 1
            if row and filled_cells <= _MOST_FILLED and at(row, left) is None:
                row.extend([None] * (left + 1 - len(row)))
                row[left] = value
    return body


def _length(cells: Sequence[object]) -> int:
    """Return the length without blanks at the end."""
    return next((n for n in range(len(cells), 0, -1) if cells[n - 1] not in {None, ""}), 0)


def _fitted(cells: list[Fit], width: int, blank: Fit) -> list[Fit]:
    return [*cells[:width], *[blank] * (width - len(cells))]


def _shown(row: Row) -> str:
    return nfc(" ".join(str(cell) for cell in filled(row)))[:_TEXT_SHOWN]
