"""Rows and columns that an XLS workbook hides: its records are walked, nothing else is read.

A compound file holds the workbook as a chain of sectors. Every length in it may lie: a chain ends
with the file, and a record that is too short says nothing.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

_HEAD = 512
_ENTRY = 128
# Sectors with a number from here on mean: free, end, table, table of tables.
_SPECIAL = 0xFFFFFFFA
_TABLES_IN_HEAD = 109
_STREAMS = ("Workbook", "Book")

_BOF, _EOF, _BOUNDSHEET, _ROW, _COLINFO = 0x0809, 0x000A, 0x0085, 0x0208, 0x007D
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x20, 0x01
_UNICODE = 0x01

# First and last row or column, counted from 0.
Span = tuple[int, int]


def find_hidden_in_xls(path: Path) -> dict[str, tuple[list[Span], list[Span]]]:
    """Return the hidden rows and columns by name of the sheet; of a file in no order, nothing."""
    try:
        stream = _workbook_stream(path.read_bytes())
        return {name: _hidden_from(stream, start) for name, start in _sheets(stream)}
    except (struct.error, UnicodeError, IndexError):
        return {}


def _hidden_from(stream: memoryview, start: int) -> tuple[list[Span], list[Span]]:
    rows: list[Span] = []
    columns: list[Span] = []
    for kind, content in _records(stream, start):
        if kind == _ROW:
            (number,) = struct.unpack_from("<H", content)
            if content[12] & _ROW_HIDDEN:
                rows.append((number, number))
        elif kind == _COLINFO:
            first, last, _width, _format, flags = struct.unpack_from("<5H", content)
            if flags & _COLUMN_HIDDEN:
                columns.append((first, last))
    return rows, columns


def _sheets(stream: memoryview) -> Iterator[tuple[str, int]]:
    for kind, content in _records(stream, 0):
        if kind == _BOUNDSHEET:
            start, _state, _type, length, flags = struct.unpack_from("<IBBBB", content)
            if flags & _UNICODE:
                yield bytes(content[8 : 8 + 2 * length]).decode("utf-16-le"), start
            else:
                yield bytes(content[8 : 8 + length]).decode("latin-1"), start


def _records(stream: memoryview, start: int) -> Iterator[tuple[int, memoryview]]:
    """Yield the records of one part of the stream; charts inside a sheet have ends of their own."""
    depth, place = 0, start
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _workbook_stream(content: bytes) -> memoryview:
    """Return the stream of the workbook, which is never among the small ones."""
    (shift,) = struct.unpack_from("<H", content, 30)
    size = 1 << min(shift, 16)
    (directory,) = struct.unpack_from("<I", content, 48)
    table = _sector_table(content, size)
    entries = _chain(content, size, table, directory)
    for place in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        entry = entries[place : place + _ENTRY]
        (length,) = struct.unpack_from("<H", entry, 64)
        name = entry[: max(0, length - 2)].decode("utf-16-le", "replace")
        if name in _STREAMS:
            (start,) = struct.unpack_from("<I", entry, 116)
            return memoryview(_chain(content, size, table, start))
    return memoryview(b"")


def _sector_table(content: bytes, size: int) -> list[int]:
    """Return for each sector the one that follows it."""
    parts = [*struct.unpack_from(f"<{_TABLES_IN_HEAD}I", content, 76)]
    (further,) = struct.unpack_from("<I", content, 68)
    seen = 0
    while further < _SPECIAL and seen * size < len(content):
        more = _numbers(_sector(content, size, further))
        parts += more[:-1]
        further = more[-1]
        seen += 1
    table: list[int] = []
    for part in parts:
        if part < _SPECIAL and len(table) * size <= len(content) + _HEAD:
            table += _numbers(_sector(content, size, part))
    return table


def _chain(content: bytes, size: int, table: list[int], first: int) -> bytes:
    parts: list[bytes] = []
    # A chain that runs in a circle ends with as many sectors as the file has.
    while first < len(table) and len(parts) * size < len(content):
        parts.append(_sector(content, size, first))
        first = table[first]
    return b"".join(parts)


def _sector(content: bytes, size: int, number: int) -> bytes:
    start = max(_HEAD, size) + number * size
    return content[start : start + size]


def _numbers(sector: bytes) -> list[int]:
    count = len(sector) // 4
    return [*struct.unpack_from(f"<{count}I", sector)] if count else [_SPECIAL]
