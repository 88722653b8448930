"""Rows and columns that a workbook hides, and cells that ODS merges: the reader of workbooks does
not tell.

Read from the parts of the packed file that `check_archive` has let through, in pieces: memory does
not grow with the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import chain
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from lms.importing.reading.file_types import FileKind
from lms.importing.reading.merges import Merge
from lms.importing.reading.xls_layout import find_hidden_in_xls

_PIECE = 1024 * 1024
# A tag of ours is a few hundred letters long.
_LONGEST_TAG = 64 * 1024
# Beyond these nobody hid or merged them by hand; a hostile file may name any number.
_MOST_SPANS = 100_000
_MOST_MERGED = 10_000
_TAG = re.compile(rb"<(?:\w+:)?(row|col|sheet|Relationship)(?=[\s/>])([^<>]*)>")
_ODS_ROWS = re.compile(rb"<(?:\w+:)?(table|table-row|table-column)(?=[\s/>])([^<>]*)>")
_ODS_TAG = re.compile(
    rb"<(?:\w+:)?(table|table-row|table-column|table-cell|covered-table-cell)(?=[\s/>])([^<>]*)>"
)
# Most cells say nothing of the kind: they are only counted.
_SPREADS = re.compile(rb"-(?:repeated|spanned)\s*=")
_ATTRIBUTE = re.compile(rb"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_RELATIONSHIPS = "xl/_rels/workbook.xml.rels"

# First and last, counted from 0.
Span = tuple[int, int]


@dataclass
class SheetLayout:
    """The hidden rows and columns of a sheet; `merged` of ODS alone, of others the reader tells."""

    rows: list[Span] = field(default_factory=list)
    columns: list[Span] = field(default_factory=list)
    merged: list[Merge] = field(default_factory=list)


def find_layout(path: Path, kind: FileKind) -> dict[str, SheetLayout]:
    """Return the layout by name of the sheet; of a file in no order, nothing."""
    if kind == FileKind.XLS:
        return {name: SheetLayout(*found) for name, found in find_hidden_in_xls(path).items()}
    try:
        with ZipFile(path) as archive:
            if kind == FileKind.ODS:
                return _in_ods(archive)
            return {
                name: _in_xlsx(archive, part)
                for name, part in _xlsx_parts(archive).items()
                if part in archive.namelist()
            }
    except (BadZipFile, KeyError, ValueError):
        return {}


def numbers(spans: list[Span], most: int) -> frozenset[int]:
    """Return the numbers in the spans, below `most`."""
    return frozenset(
        chain.from_iterable(range(first, min(last + 1, most)) for first, last in spans)
    )


def _xlsx_parts(archive: ZipFile) -> dict[str, str]:
    """Return the part of the archive that holds each sheet, by the sheet's name."""
    targets = {
        found.get("Id", ""): str(PurePosixPath("xl") / found.get("Target", "").lstrip("/"))
        for name, found in _tags(archive, _RELATIONSHIPS)
        if name == "Relationship"
    }
    # A target that begins at the root of the archive names its folder itself.
    targets = {key: part.replace("xl/xl/", "xl/", 1) for key, part in targets.items()}
    return {
        found.get("name", ""): targets.get(found.get("id", ""), "")
        for name, found in _tags(archive, "xl/workbook.xml")
        if name == "sheet"
    }


def _in_xlsx(archive: ZipFile, part: str) -> SheetLayout:
    hidden = SheetLayout()
    row = -1
    for name, found in _tags(archive, part):
        is_hidden = found.get("hidden") in ("1", "true")
        if name == "row":
            # Without a number a row follows the one before it.
            row = int(found["r"]) - 1 if "r" in found else row + 1
            if is_hidden:
                _add(hidden.rows, row, row)
        elif name == "col" and is_hidden:
            _add(hidden.columns, int(found["min"]) - 1, int(found["max"]) - 1)
    return hidden


def _in_ods(archive: ZipFile) -> dict[str, SheetLayout]:
    sheets: dict[str, SheetLayout] = {}
    layout, row, rows, column, cell = SheetLayout(), 0, 0, 0, 0
    # To walk all cells takes seconds, and most lists merge none.
    pattern = _ODS_TAG if _has(archive, "content.xml", b"-spanned") else _ODS_ROWS
    for name, found in _tags(archive, "content.xml", pattern):
        is_hidden = found.get("visibility") in ("collapse", "filter")
        if name == "table":
            layout, row, rows, column, cell = SheetLayout(), 0, 0, 0, 0
            sheets[found.get("name", "")] = layout
        elif name == "table-row":
            row, cell = row + rows, 0
            rows = _times(found, "number-rows-repeated")
            if is_hidden:
                _add(layout.rows, row, row + rows - 1)
        elif name == "table-column":
            count = _times(found, "number-columns-repeated")
            if is_hidden:
                _add(layout.columns, column, column + count - 1)
            column += count
        else:
            low = row + _times(found, "number-rows-spanned") - 1
            right = cell + _times(found, "number-columns-spanned") - 1
            if (low, right) != (row, cell) and len(layout.merged) < _MOST_MERGED:
                layout.merged.append((row, cell, low, right))
            cell += _times(found, "number-columns-repeated")
    return sheets


def _times(found: dict[str, str], name: str) -> int:
    return max(1, int(found.get(name, 1)))


def _add(spans: list[Span], first: int, last: int) -> None:
    if 0 <= first <= last and len(spans) < _MOST_SPANS:
        spans.append((first, last))


def _has(archive: ZipFile, part: str, text: bytes) -> bool:
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            if text in rest + piece:
                return True
            rest = piece[-len(text) :]
    return False


def _tags(
    archive: ZipFile, part: str, pattern: re.Pattern[bytes] = _TAG
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the tags that are looked for, with their attributes without prefixes."""
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            text = rest + piece
            # A tag may be cut: from the last sign of a beginning on, it is read again.
            cut = text.rfind(b"<")
            rest = text[cut:] if cut >= 0 and len(text) - cut <= _LONGEST_TAG else b""
            yield from _tags_of(text[: len(text) - len(rest)], pattern)
        yield from _tags_of(rest, pattern)


def _tags_of(text: bytes, pattern: re.Pattern[bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    for tag in pattern.finditer(text):
        if tag[1].endswith(b"-cell") and not _SPREADS.search(tag[2]):
            yield "", {}
            continue
        found = {
            name.rsplit(b":", 1)[-1].decode(): unescape((double or single).decode())
            for name, double, single in _ATTRIBUTE.findall(tag[2])
        }
        yield tag[1].decode(), found
