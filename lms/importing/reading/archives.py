"""Packed workbooks (XLSX, ODS): looked through with bounded memory before any reader opens them.

Hostile ones unpack to gigabytes, bring a document type that makes a reader fetch other files,
or hold programs. Sizes are first read from the table of contents and then, since that may lie,
counted while unpacking piece by piece.
"""

import zlib
from pathlib import Path
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.importing.reading.file_types import (
    FileKind,
    ForeignKind,
    refuse_damaged,
    refuse_encrypted,
    refuse_foreign,
    refuse_macros,
)

# A roster of 100,000 rows and 12 columns unpacks to some 70 MB in about 20 parts.
MAX_PARTS = 2_000
MAX_UNPACKED = 200 * 1024 * 1024
# Sheets of one repeated row pack about 100 to 1; bombs come near the 1,030 to 1 of the method.
MAX_RATIO = 250
_RATIO_COUNTS_FROM = 10 * 1024 * 1024
# XML says what it is before its first element: a document type that is not here is nowhere.
_PROLOGUE = 64 * 1024
_PIECE = 64 * 1024
_ENCRYPTED_FLAG = 0x1
_XML_ENDINGS = (".xml", ".rels")
_MACRO_PARTS = ("xl/vbaproject", "xl/macrosheets/", "basic/", "scripts/")
_FOREIGN_PARTS = (
    ("word/", ForeignKind.WORD),
    ("ppt/", ForeignKind.SLIDES),
    ("xl/workbook.bin", ForeignKind.BINARY_WORKBOOK),
)
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def check_archive(path: Path) -> FileKind:
    """Return XLSX or ODS, after every part has been found harmless; raise Refusal."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            _check_contents_table(parts, packed=path.stat().st_size)
            kind = _kind(archive)
            if any(part.filename.lower().startswith(_MACRO_PARTS) for part in parts):
                raise refuse_macros()
            _unpack_all(archive, parts)
    # The library raises NotImplementedError for what it cannot unpack, and the others for what
    # does not hold together; RuntimeError where a part is encrypted.
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as error:
        raise refuse_damaged() from error
    return kind


def _check_contents_table(parts: list[ZipInfo], *, packed: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    swollen = unpacked > _RATIO_COUNTS_FROM and unpacked > packed * MAX_RATIO
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or swollen:
        raise _refuse_bomb()
    if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
        raise refuse_encrypted()
    if any(part.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for part in parts):
        raise refuse_damaged()


def _kind(archive: ZipFile) -> FileKind:
    names = set(archive.namelist())
    if "mimetype" in names and _beginning(archive, "mimetype").strip() == _ODS_TYPE:
        if b"encryption-data" in _beginning(archive, "META-INF/manifest.xml"):
            raise refuse_encrypted()
        return FileKind.ODS
    if "[Content_Types].xml" not in names:
        raise refuse_foreign(ForeignKind.PACKED)
    if b"macroEnabled" in _beginning(archive, "[Content_Types].xml"):
        raise refuse_macros()
    foreign = (kind for start, kind in _FOREIGN_PARTS if any(n.startswith(start) for n in names))
    if found := next(foreign, None):
        raise refuse_foreign(found)
    if "xl/workbook.xml" not in names:
        raise refuse_foreign(ForeignKind.PACKED)
    return FileKind.XLSX


def _beginning(archive: ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as part:
            return part.read(_PROLOGUE)
    except KeyError:
        return b""


def _unpack_all(archive: ZipFile, parts: list[ZipInfo]) -> None:
    """Unpack without keeping: the sizes are true, the checksums fit, no XML has a document type."""
    unpacked = 0
    for part in parts:
        with archive.open(part) as stream:
            piece = stream.read(_PROLOGUE)
            if part.filename.lower().endswith(_XML_ENDINGS) and piece:
                _check_prologue(piece)
            while piece:
                unpacked += len(piece)
                if unpacked > MAX_UNPACKED:
                    raise _refuse_bomb()
                piece = stream.read(_PIECE)


class _FirstElementError(Exception):
    """The first element has come, and no document type before it."""


def _check_prologue(beginning: bytes) -> None:
    """Refuse a document type, and XML whose first element is not within the beginning.

    Parsing ends there: what a document type declares is never used.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = _stop
    try:
        parser.Parse(beginning, False)
    except _FirstElementError:
        return
    except expat.ExpatError as error:
        raise refuse_damaged() from error
    raise refuse_damaged()


def _stop(_name: str, _attributes: dict[str, str]) -> None:
    raise _FirstElementError


def _refuse_document_type(*_declared: object) -> None:
    raise Refusal(
        "document_type",
        _(
            "The file contains instructions to read other files (a document type), which no "
            "spreadsheet program writes. It was not opened."
        ),
    )


def _refuse_bomb() -> Refusal:
    return Refusal(
        "unpacks_too_big",
        _(
            "The file is small but unpacks to far more than a list needs. Please copy the rows of "
            "the list into a new workbook and send that."
        ),
    )
