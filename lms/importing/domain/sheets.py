"""What stands in the file of an import: its sheets, the table in the chosen one, its cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.core.refusal import CatchRefusal, Refusal
from lms.core.stored_files import local_path
from lms.importing.domain.planning import kind_of
from lms.importing.extensions import ImportKind, TextForm, TextRow
from lms.importing.models import ImportBatch
from lms.importing.reading.cells import as_date, as_sex, as_text
from lms.importing.reading.encodings import LegacyEncoding, convert_sheet, suspect_encoding
from lms.importing.reading.file_types import FileKind
from lms.importing.reading.files import read_text
from lms.importing.reading.mapping import Places, joined_cell
from lms.importing.reading.odd_cells import Kept, keep_phone, keep_year, says_nothing
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


@dataclass(frozen=True)
class OpenedFile:
    """The chosen sheet with its table. `suspected`: letters of an old code page, not converted.

    `hidden_rows` and `hidden_columns` are those of the table that the file hides, taken in or not.
    """

    sheet_names: list[str]
    sheet_name: str
    suspected: LegacyEncoding | None
    table: Table
    hidden_rows: int = 0
    hidden_columns: tuple[str, ...] = ()
    #: The sheets and tables that are not read, with the number of their rows.
    others: tuple[tuple[str, int], ...] = ()


def open_file(
    *,
    batch: ImportBatch,
    sheet_name: str = "",
    encoding: LegacyEncoding | None = None,
    without_hidden: bool = False,
) -> OpenedFile:
    """Read the file; of several sheets the named one, else the first that holds a table.

    What the file hides is taken in, since it is people, unless somebody wants it left out.

    Raises Refusal with the reason when there is none.
    """
    form = _text_form_of(batch)
    if form is not None:
        with local_path(batch.file) as path:
            rows = form.read(read_text(path) or "")
        return OpenedFile([""], "", None, _as_table(rows, kind_of(batch)))
    with local_path(batch.file) as path:
        read = read_sheets(path, FileKind(batch.file_kind))
    sheets = [table for sheet in read for table in split_tables(sheet)]
    names = [sheet.name for sheet in sheets]
    sheet = next((one for one in sheets if one.name == sheet_name), None) or _fullest(sheets)
    suspected = suspect_encoding(sheet.texts())
    if encoding is not None:
        sheet = convert_sheet(sheet, encoding)
    found = find_table(sheet, _names(batch))
    hidden_rows, columns = hidden_in(found, sheet)
    if without_hidden:
        found = leave_hidden(found, sheet)
    table = _in_shape(found, kind_of(batch))
    return OpenedFile(
        sheet_names=names,
        sheet_name=sheet.name,
        suspected=suspected,
        table=table,
        hidden_rows=hidden_rows,
        hidden_columns=tuple(columns),
        others=tuple((one.name, _count(one, batch)) for one in sheets if one.name != sheet.name),
    )


def _count(sheet: Sheet, batch: ImportBatch) -> int:
    """Return how many rows the list of a sheet has; 0 for a sheet that is no list."""
    with CatchRefusal():
        return len(find_table(sheet, _names(batch)).rows)
    return 0


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


def _names(batch: ImportBatch) -> list[str]:
    """Return what the columns of such a list are called."""
    return [name for field in kind_of(batch).fields for name in field.aliases]


def _fullest(sheets: list[Sheet]) -> Sheet:
    return max(sheets, key=lambda sheet: sum(1 for row in sheet.rows if row))


def as_sheet_row(
    *, row: TableRow, columns: Mapping[str, Places], fields: list[ImportColumn]
) -> SheetRow:
    """Return the mapped cells of a row as text, each read as its field wants it."""
    sheet_row = SheetRow(number=row.number, cells={}, address=row.address)
    for field in fields:
        if field.key in columns:
            _take_cell(sheet_row, field, joined_cell(row.cells, columns[field.key]))
    first = next((field.key for field in fields if field.required), fields[0].key)
    if row.fault:
        sheet_row.refuse(first, row.fault)
    if row.remark:
        sheet_row.warn(first, row.remark)
    return sheet_row


def _take_cell(row: SheetRow, field: ImportColumn, cell: Cell) -> None:
    try:
        kept = _read(field, cell)
    except Refusal as refusal:
        row.cells[field.key] = as_text(cell)
        row.refuse_cell(field, str(refusal))
        return
    row.cells[field.key] = kept.value
    if kept.remark:
        row.warn(field.key, kept.remark)


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
