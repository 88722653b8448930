"""What stands in the file of an import: its sheets, the table in the chosen ones, its cells."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from lms.core.refusal import CatchRefusal, Refusal
from lms.core.stored_files import local_path
from lms.importing.domain.planning import kind_of, open_resource
from lms.importing.domain.told_columns import add_told
from lms.importing.extensions import ImportKind, TextForm, TextRow
from lms.importing.models import ImportBatch
from lms.importing.reading.cells import as_date, as_sex, as_text
from lms.importing.reading.encodings import LegacyEncoding, convert_sheet, suspect_encoding
from lms.importing.reading.file_types import FileKind
from lms.importing.reading.files import read_text
from lms.importing.reading.joined_sheets import are_same_shape, join_tables
from lms.importing.reading.mapping import Places, joined_cell, suggest_mapping
from lms.importing.reading.odd_cells import (
    Kept,
    is_failed_formula,
    keep_phone,
    keep_year,
    says_nothing,
)
from lms.importing.reading.several_tables import split_tables
from lms.importing.reading.sheets import Cell, Sheet, read_sheets
from lms.importing.reading.tables import (
    LeftOut,
    LeftOutReason,
    Table,
    TableRow,
    find_table,
    hidden_in,
    leave_hidden,
)
from lms.spreadsheets.import_rows import CellKind, ImportColumn, SheetRow

# A sheet whose headings mean as many fields is rather the list than its summary.
_SURE = 2


class FoundSheet:
    """One sheet of the file; its list is looked for once, when somebody asks."""

    def __init__(self, sheet: Sheet, kind: ImportKind, *, without_hidden: bool) -> None:
        self.sheet = sheet
        self.name = sheet.name
        self._kind = kind
        self._without_hidden = without_hidden

    @cached_property
    def _found(self) -> Table:
        return find_table(
            self.sheet, [name for field in self._kind.fields for name in field.aliases]
        )

    @cached_property
    def table(self) -> Table:
        """The list; raises Refusal where there is none."""
        found = leave_hidden(self._found, self.sheet) if self._without_hidden else self._found
        return _in_shape(found, self._kind)

    @cached_property
    def hidden(self) -> tuple[int, list[str]]:
        return hidden_in(self._found, self.sheet)

    @cached_property
    def labels(self) -> list[str]:
        """The headings of the list; none for a sheet that is no list."""
        with CatchRefusal():
            return self.table.labels
        return []

    @cached_property
    def count(self) -> int:
        return len(self.table.rows) if self.labels else 0

    @property
    def is_likely(self) -> bool:
        return len(suggest_mapping(self.labels, self._kind.fields)) >= _SURE


@dataclass(frozen=True)
class SheetGroup:
    """Sheets of the same shape; `is_read`: all or some of them are."""

    sheets: list[FoundSheet]
    is_read: bool

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.sheets]

    @property
    def count(self) -> int:
        return sum(one.count for one in self.sheets)

    @property
    def query(self) -> str:
        return urlencode({"sheet": self.names}, doseq=True)


@dataclass(frozen=True)
class OpenedFile:
    """The sheets that are read, with the table that they make together.

    `suspected`: letters of an old code page; `encoding`: that they were converted from.
    `hidden_rows` and `hidden_columns` are those of the table that the file hides, taken in or not.
    """

    table: Table
    sheets: list[FoundSheet] = dataclasses.field(default_factory=list)
    read: list[str] = dataclasses.field(default_factory=lambda: [""])
    suspected: LegacyEncoding | None = None
    encoding: LegacyEncoding | None = None
    hidden_rows: int = 0
    hidden_columns: tuple[str, ...] = ()

    @property
    def others(self) -> tuple[tuple[str, int], ...]:
        """The sheets and tables that are not read, with the number of their rows."""
        return tuple((one.name, one.count) for one in self.sheets if one.name not in self.read)

    @property
    def groups(self) -> list[SheetGroup]:
        """The lists of the file: the sheets that can be read together."""
        return [
            SheetGroup(group, is_read=any(one.name in self.read for one in group))
            for group in _groups(self.sheets)
        ]

    @property
    def query(self) -> str:
        return urlencode({"sheet": self.read}, doseq=True)


def open_file(
    *,
    batch: ImportBatch,
    sheet_names: Sequence[str] = (),
    convert: bool = False,
    without_hidden: bool = False,
) -> OpenedFile:
    """Read the file: the named sheets, else all of the shape that has most rows of a list.

    What the file hides is taken in, since it is people, unless somebody wants it left out. The
    letters of an old code page are converted when somebody says so.

    Raises Refusal with the reason when there is no list.
    """
    kind = kind_of(batch)
    form = _text_form_of(batch)
    if form is not None:
        with local_path(batch.file) as path:
            rows = form.read(read_text(path) or "")
        return OpenedFile(_as_table(rows, kind))
    with local_path(batch.file) as path:
        read = read_sheets(path, FileKind(batch.file_kind))
    sheets = [table for sheet in read for table in split_tables(sheet)]
    encoding = _suspected(sheets) if convert else None
    if encoding is not None:
        sheets = [convert_sheet(sheet, encoding) for sheet in sheets]
    found = [FoundSheet(sheet, kind, without_hidden=without_hidden) for sheet in sheets]
    chosen = _chosen(found, sheet_names)
    joined = join_tables([(one.name, one.table) for one in chosen])
    resource = open_resource(batch)
    return OpenedFile(
        table=add_told(joined, sheet_name=chosen[0].name, fields=kind.fields, resource=resource),
        sheets=found,
        read=[one.name for one in chosen],
        suspected=encoding or _suspected([one.sheet for one in chosen]),
        encoding=encoding,
        hidden_rows=sum(one.hidden[0] for one in chosen),
        hidden_columns=tuple(dict.fromkeys(name for one in chosen for name in one.hidden[1])),
    )


def _suspected(sheets: list[Sheet]) -> LegacyEncoding | None:
    """Return the code page of the first sheet, from the fullest on, that seems to be in one."""
    by_size = sorted(sheets, key=lambda sheet: -sum(map(bool, sheet.rows)))
    return next((page for one in by_size if (page := suspect_encoding(one.texts()))), None)


def _chosen(found: list[FoundSheet], names: Sequence[str]) -> list[FoundSheet]:
    """Return the named sheets that are of the same shape as the first; else the likely list."""
    named = [one for one in found if one.name in names]
    if named:
        return [named[0], *(one for one in named[1:] if _fits(one, named[0]))]
    groups = _groups(found)
    if not groups:
        # To be asked for its list, and to say why there is none.
        return [max(found, key=lambda one: sum(map(bool, one.sheet.rows)))]
    return max(groups, key=lambda group: (group[0].is_likely, sum(one.count for one in group)))


def _groups(found: list[FoundSheet]) -> list[list[FoundSheet]]:
    groups: list[list[FoundSheet]] = []
    for one in found:
        group = next((group for group in groups if _fits(one, group[0])), None)
        if group is not None:
            group.append(one)
        elif one.labels:
            groups.append([one])
    return groups


def _fits(one: FoundSheet, first: FoundSheet) -> bool:
    return are_same_shape(one.labels, first.labels)


def _in_shape(table: Table, kind: ImportKind) -> Table:
    """Return the rows that a table of another shape holds; any other table as it is."""
    form = kind.table_form
    if form is None or not form.recognises(table.labels):
        return table
    rows, columns = form.read(table)
    head = table.header_rows[-1]
    left_out = [LeftOut(head, LeftOutReason.COLUMN, name) for name in columns]
    return _as_table(rows, kind, left_out=[*table.left_out, *left_out])


def _text_form_of(batch: ImportBatch) -> TextForm | None:
    """Return the form of the file where it is a text that is no table."""
    forms = kind_of(batch).text_forms
    return next((form for form in forms if form.key == batch.file_kind), None)


def _as_table(rows: Sequence[TextRow], kind: ImportKind, left_out: Sequence[LeftOut] = ()) -> Table:
    """Return the rows under the labels of the columns."""
    return Table(
        header_rows=(),
        labels=[str(field.label) for field in kind.fields],
        rows=[
            TableRow(
                number=row.line,
                address=row.address,
                cells=[row.cells.get(field.key) or None for field in kind.fields],
                fault=row.fault,
                remark=" ".join(row.remarks),
            )
            for row in rows
        ],
        left_out=list(left_out),
    )


def as_sheet_row(
    *,
    row: TableRow,
    columns: Mapping[str, Places],
    fields: list[ImportColumn],
    once: Mapping[str, str],
) -> SheetRow:
    """Return the mapped cells of a row, and what was said once for all rows, as text, each read
    as its field wants it.
    """
    sheet_row = SheetRow(number=row.number, cells={}, address=row.address, sheet=row.sheet)
    for field in fields:
        if field.key in columns:
            _take_cell(sheet_row, field, joined_cell(row.cells, columns[field.key]))
        elif field.key in once:
            _take_cell(sheet_row, field, once[field.key])
    first = next((field.key for field in fields if field.required), fields[0].key)
    if row.fault:
        sheet_row.refuse(first, "sheet_fault", row.fault)
    if row.remark:
        sheet_row.warn(first, row.remark)
    return sheet_row


def _take_cell(row: SheetRow, field: ImportColumn, cell: Cell) -> None:
    try:
        kept = _failed(cell) if is_failed_formula(cell) else _read(field, cell)
    except Refusal as refusal:
        row.cells[field.key] = as_text(cell)
        row.refuse_cell(field, refusal.code, str(refusal))
        return
    row.cells[field.key] = kept.value
    if kept.remark:
        row.warn(field.key, kept.remark)


def _failed(cell: Cell) -> Kept:
    said = _("“%(value)s”: the formula in this cell has failed, so the cell is left out.")
    return Kept("", said % {"value": cell})


def _read(field: ImportColumn, cell: Cell) -> Kept:
    if (field.optional or field.kind != CellKind.TEXT) and says_nothing(cell):
        return Kept("")
    if field.kind == CellKind.PHONE:
        return keep_phone(cell)
    if field.kind == CellKind.DATE:
        day = as_date(cell)
        return Kept(day.isoformat() if day else "")
    if field.kind == CellKind.YEAR:
        return keep_year(cell)
    if field.kind == CellKind.SEX:
        return Kept(str(as_sex(cell) or ""))
    return Kept(as_text(cell))
