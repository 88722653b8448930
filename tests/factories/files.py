"""Files as they really arrive, and hostile ones; built here, so that nothing is a riddle.

Nobody in them is real. XLS, which no library at hand writes, is put together byte by byte.
"""

import csv
import io
import struct
from datetime import date
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import xlsxwriter
from python_calamine import CalamineWorkbook

from lms.importing.reading.sheets import Sheet
from lms.importing.reading.tables import find_table

MACROS = "xl/vbaProject.bin"
_SHEET = "xl/worksheets/sheet1.xml"


def write_xlsx(path, rows, *, merged=(), name="Danh sách", hidden=(), properties=None):
    """An Excel workbook; `merged` are (first row, first column, last row, last column)."""
    with xlsxwriter.Workbook(path, properties or {}) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for title, content in [(name, rows), *hidden]:
            sheet = workbook.add_worksheet(title)
            _fill(sheet, content, day)
            if title == name:
                for block in merged:
                    sheet.merge_range(*block, "")
                _fill(sheet, content, day)
            else:
                sheet.hide()
    return path


def write_book(path, sheets):
    """An Excel workbook of several sheets: rows by name."""
    with xlsxwriter.Workbook(path) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            _fill(workbook.add_worksheet(name), rows, day)
    return path


def _fill(sheet, rows, day):
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            elif isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif cell is not None:
                sheet.write(number, column, cell)


def write_hiding(path, rows, *, hidden_rows=(), hidden_columns=()):
    """An Excel workbook with rows and columns that are hidden, counted from 0."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Danh sách & khác")
        _fill(sheet, rows, None)
        for number in hidden_rows:
            sheet.set_row(number, None, None, {"hidden": True})
        for number in hidden_columns:
            sheet.set_column(number, number, None, None, {"hidden": True})
    return path


def write_sheets(path, count):
    with xlsxwriter.Workbook(path) as workbook:
        for number in range(count):
            workbook.add_worksheet(f"Xã {number}").write(0, 0, "STT")
    return path


def with_parts(path, source, parts, *, drop=()):
    """A copy of a packed workbook, with parts replaced, added or dropped."""
    with ZipFile(source) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts and name not in drop:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def with_sheet_xml(path, source, rows_xml, after=""):
    """A workbook whose first sheet holds these rows of XML, and after them this."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{rows_xml}</sheetData>{after}</worksheet>'
    return with_parts(path, source, {_SHEET: sheet})


def with_document_type(path, source, part=_SHEET):
    """External entity: a careless reader would put a file of the server into a cell."""
    with ZipFile(source) as archive:
        content = archive.read(part).decode()
    head, _, rest = content.partition("?>")
    doctype = '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/hostname">]>'
    return with_parts(path, source, {part: f"{head}?>{doctype}{rest}"})


def with_lying_sizes(path, source, part, content):
    """A part that unpacks to more than the table of contents says."""
    with_parts(path, source, {part: content})
    raw = bytearray(path.read_bytes())
    size = struct.pack("<I", len(content))
    assert raw.count(size) >= 2
    path.write_bytes(raw.replace(size, struct.pack("<I", 1000)))
    return path


def write_ods(path, rows_xml, *, manifest="", extra=()):
    """An OpenDocument spreadsheet of one sheet."""
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in [("office", "office"), ("table", "table"), ("text", "text")]
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces}>'
        f'<office:body><office:spreadsheet><table:table table:name="Danh sách">{rows_xml}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        archive.writestr("mimetype", kind, ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        archive.writestr("content.xml", content)
        for name in extra:
            archive.writestr(name, "<x/>")
    return path


def ods_rows(rows):
    return "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
    )


def _ods_cell(cell):
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell:%Y-%m-%d}">'
            f"<text:p>{cell:%d/%m/%Y}</text:p></table:table-cell>"
        )
    if isinstance(cell, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{cell}">'
            f"<text:p>{cell}</text:p></table:table-cell>"
        )
    text = escape(cell)
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


def write_delimited(path, rows, *, sign=",", encoding="utf-8", end="\r\n"):
    text = end.join(sign.join(row) for row in rows) + end
    path.write_bytes(text.encode(encoding))
    return path


# XLS: records (BIFF8) in a stream, in a compound file of sectors of 512 bytes.
_SECTOR = 512
_FREE, _LAST, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_EXCEL_EPOCH = date(1899, 12, 30)


def write_xls(
    path, rows, *, encrypted=False, storages=(), merged=(), hidden_rows=(), hidden_columns=()
):
    """An Excel workbook of 97–2003 with one small sheet; texts, numbers and dates."""
    hidden = b"".join(
        _record(0x007D, struct.pack("<6H", first, last, 2048, 0, 1, 0))
        for first, last in hidden_columns
    )
    for number in range(len(rows)):
        flags = 0x0100 | (0x20 if number in hidden_rows else 0)
        hidden += _record(0x0208, struct.pack("<6HHH", number, 0, 9, 255, 0, 0, flags, 0))
    stream = _workbook_stream(rows, encrypted, merged, hidden)
    path.write_bytes(compound([("Workbook", stream)], storages))
    return path


def compound(streams, storages=()):
    """A compound file: what Office wrote until 2007, and still writes round a locked workbook."""
    chains, body, sector = [], b"", 2
    for _name, content in streams:
        # Smaller streams would need the second kind of sectors.
        padded = content.ljust(4096, b"\0")
        padded += b"\0" * (-len(padded) % _SECTOR)
        count = len(padded) // _SECTOR
        chains.append((sector, len(padded), [*range(sector + 1, sector + count), _LAST]))
        body += padded
        sector += count
    table = [_TABLE, _LAST, *(link for *_, links in chains for link in links)]
    assert len(table) <= 128
    assert len(streams) + len(storages) <= 3
    entries = [_entry("Root Entry", 5, child=1, start=_LAST, size=0)]
    named = [
        (name, 2, start, size) for (name, _), (start, size, _l) in zip(streams, chains, strict=True)
    ]
    named += [(name, 1, 0, 0) for name in storages]
    for number, (name, kind, start, size) in enumerate(named, start=1):
        right = number + 1 if number < len(named) else _FREE
        entries.append(_entry(name, kind, right=right, start=start, size=size))
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    fat = struct.pack(f"<{len(table)}I", *table).ljust(_SECTOR, b"\xff")
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _LAST, 0, _LAST, 0, 0),
    )
    return head.ljust(_SECTOR, b"\xff") + fat + directory + body


def _entry(name, kind, *, child=_FREE, right=_FREE, start=0, size=0):
    text = f"{name}\0".encode("utf-16-le")
    links = struct.pack("<HBBIII", len(text), kind, 1, _FREE, right, child)
    return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)


def _workbook_stream(rows, encrypted, merged, layout):
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + layout
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet += _cell_record(number, column, cell)
    if merged:
        ranges = (struct.pack("<HHHH", top, low, left, right) for top, left, low, right in merged)
        sheet += _record(0x00E5, struct.pack("<H", len(merged)) + b"".join(ranges))
    sheet += _record(0x000A, b"")
    # Two formats of cells: as it comes, and the built-in short date.
    formats = b"".join(_record(0x00E0, struct.pack("<HH16x", 0, shown)) for shown in (0, 14))
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    if encrypted:
        begin += _record(0x002F, struct.pack("<HH", 1, 1) + bytes(50))
    name = "Danh sách".encode("utf-16-le")
    length = len(begin) + len(formats) + 4 + 8 + len(name) + 4
    bound = struct.pack("<IBBBB", length, 0, 0, len(name) // 2, 1) + name
    return begin + formats + _record(0x0085, bound) + _record(0x000A, b"") + sheet


def _cell_record(row, column, cell):
    if isinstance(cell, str):
        text = struct.pack("<HHHHB", row, column, 0, len(cell), 1) + cell.encode("utf-16-le")
        return _record(0x0204, text)
    shown = isinstance(cell, date)
    if shown:
        cell = (cell - _EXCEL_EPOCH).days
    return _record(0x0203, struct.pack("<HHHd", row, column, int(shown), cell))


def _record(kind, content):
    return struct.pack("<HH", kind, len(content)) + content


def sheet_rows(content: bytes, ending: str) -> list[list[Any]]:
    """What a reader of spreadsheets finds in an export below its head: rows of typed cells."""
    return _parted(content, ending)[1]


def head_of(content: bytes, ending: str) -> list[str]:
    """The lines above the headings, which say what the file holds."""
    return [str(row[0]) for row in _parted(content, ending)[0]]


def without_head(page: Any) -> Any:
    """A worksheet of openpyxl without what stands above its headings."""
    empty = next(number for number, row in enumerate(page.values, start=1) if not any(row))
    page.delete_rows(1, empty)
    return page


def _parted(content: bytes, ending: str) -> tuple[list[list[Any]], list[list[Any]]]:
    """The rows above the empty one below the head, and those after it."""
    rows = _all_rows(content, ending)
    for number, row in enumerate(rows):
        if not any(cell != "" for cell in row):
            return rows[:number], rows[number + 1 :]
        if any(cell != "" for cell in row[1:]):
            break
    return [], rows


def _all_rows(content: bytes, ending: str) -> list[list[Any]]:
    if ending == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


def content_of(response):
    """The bytes of a file that a view gives out; read to its end, the test's client closes it."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def rows_of(response, kind):
    """The rows of the first sheet of a file that a view gives out, empty cells as ""."""
    return sheet_rows(content_of(response), kind)


def table_of(rows, merged=()):
    """The table that the reader finds in a sheet of these rows."""
    return find_table(Sheet("Danh sách", [list(row) for row in rows], list(merged)))


def cells_of(rows, merged=()):
    return [row.cells for row in table_of(rows, merged).rows]
