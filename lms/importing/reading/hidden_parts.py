"""Rows and columns that a workbook hides: the reader of workbooks does not tell.

Read from the parts of the packed file that `check_archive` has let through, in pieces: memory does
not grow with the file. XLS is not looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import chain
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from lms.importing.reading.file_types import FileKind

_PIECE = 1024 * 1024
# A tag of ours is a few hundred letters long.
_LONGEST_TAG = 64 * 1024
# Beyond these nobody hid them by hand; a hostile file may name any number.
_MOST_SPANS = 100_000
_TAG = re.compile(
    rb"<(?:\w+:)?(row|col|sheet|Relationship|table|table-row|table-column)(?=[\s/>])([^<>]*)>"
)
_ATTRIBUTE = re.compile(rb"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_RELATIONSHIPS = "xl/_rels/workbook.xml.rels"

# First and last, counted from 0.
Span = tuple[int, int]


@dataclass
class HiddenParts:
    rows: list[Span] = field(default_factory=list)
    columns: list[Span] = field(default_factory=list)


def find_hidden(path: Path, kind: FileKind) -> dict[str, HiddenParts]:
    """Return what is hidden by name of the sheet; of a file in no order, nothing."""
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


def _in_xlsx(archive: ZipFile, part: str) -> HiddenParts:
    hidden = HiddenParts()
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


def _in_ods(archive: ZipFile) -> dict[str, HiddenParts]:
    sheets: dict[str, HiddenParts] = {}
    hidden, row, column = HiddenParts(), 0, 0
    for name, found in _tags(archive, "content.xml"):
        is_hidden = found.get("visibility") in ("collapse", "filter")
        if name == "table":
            hidden, row, column = HiddenParts(), 0, 0
            sheets[found.get("name", "")] = hidden
        elif name == "table-row":
            count = _times(found, "number-rows-repeated")
            if is_hidden:
                _add(hidden.rows, row, row + count - 1)
            row += count
        else:
            # A column; of the other tags the format has none.
            count = _times(found, "number-columns-repeated")
            if is_hidden:
                _add(hidden.columns, column, column + count - 1)
            column += count
    return sheets


def _times(found: dict[str, str], name: str) -> int:
    return max(1, int(found.get(name, 1)))


def _add(spans: list[Span], first: int, last: int) -> None:
    if 0 <= first <= last and len(spans) < _MOST_SPANS:
        spans.append((first, last))


def _tags(archive: ZipFile, part: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the tags that are looked for, with their attributes without prefixes."""
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            text = rest + piece
            # A tag may be cut: from the last sign of a beginning on, it is read again.
            cut = text.rfind(b"<")
            rest = text[cut:] if cut >= 0 and len(text) - cut <= _LONGEST_TAG else b""
            yield from _tags_of(text[: len(text) - len(rest)])
        yield from _tags_of(rest)


def _tags_of(text: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    for tag in _TAG.finditer(text):
        found = {
            name.rsplit(b":", 1)[-1].decode(): unescape((double or single).decode())
            for name, double, single in _ATTRIBUTE.findall(tag[2])
        }
        yield tag[1].decode(), found
