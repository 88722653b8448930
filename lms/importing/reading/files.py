"""What was uploaded: taken in as a list, or refused with the reason, before any of it is read."""

import re
from pathlib import Path

from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.importing.reading.archives import check_archive
from lms.importing.reading.delimited import decode, find_delimiter
from lms.importing.reading.file_types import (
    FileKind,
    ForeignKind,
    refuse_encrypted,
    refuse_foreign,
    refuse_macros,
)
from lms.importing.reading.web_tables import has_table

# 100,000 people with 12 columns are 7 MB as XLSX and 12 MB as CSV.
MAX_BYTES = 20 * 1024 * 1024
_BEGINNING = 8 * 1024

_PACKED = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# An XLS begins with a record of 16 bytes; that of a password comes next, or after a bare one.
_LOCKED = re.compile(rb"\x09\x08\x10\x00.{16}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
_FOREIGN_BEGINNINGS = (
    (b"%PDF", ForeignKind.PDF),
    (b"MZ", ForeignKind.PROGRAM),
    (b"\x7fELF", ForeignKind.PROGRAM),
    (b"#!", ForeignKind.PROGRAM),
    (b"\x89PNG", ForeignKind.PICTURE),
    (b"\xff\xd8\xff", ForeignKind.PICTURE),
    (b"GIF8", ForeignKind.PICTURE),
    (b"BM", ForeignKind.PICTURE),
    (b"RIFF", ForeignKind.PICTURE),
    (b"II*\x00", ForeignKind.PICTURE),
    (b"MM\x00*", ForeignKind.PICTURE),
    (b"PK", ForeignKind.PACKED),
    (b"Rar!", ForeignKind.PACKED),
    (b"7z\xbc\xaf", ForeignKind.PACKED),
    (b"\x1f\x8b", ForeignKind.PACKED),
    (b"{\\rtf", ForeignKind.RICH_TEXT),
)
# These may hold text alone; the others are only asked for where the bytes are no text.
_NEVER_A_TABLE = (b"%PDF-", b"#!", b"{\\rtf")
# Many programs write a web page or XML and call it .xls.
_PAGE_BEGINNINGS = ("<!doctype", "<html", "<head", "<meta", "<table", "<?xml", "<style", "<script")
_ENDINGS = {
    FileKind.XLSX: (".xlsx",),
    FileKind.XLS: (".xls",),
    FileKind.ODS: (".ods",),
    FileKind.CSV: (".csv", ".tsv", ".txt"),
    FileKind.TSV: (".csv", ".tsv", ".txt"),
    FileKind.HTML: (".xls", ".html", ".htm"),
}


def check_upload(path: Path, name: str) -> FileKind:
    """Return the kind of list that `path` holds, uploaded as `name`; raise Refusal.

    What the file holds decides. A name that promises another kind is refused as well: the
    sender may have taken the wrong file.
    """
    _check_size(path)
    with path.open("rb") as stream:
        beginning = stream.read(_BEGINNING)
    if not beginning.strip():
        raise Refusal("empty", _("The file is empty."))
    kind = _kind(path, beginning)
    _check_name(name, kind)
    return kind


def read_text(path: Path) -> str | None:
    """Return the text of a file of an allowed size, None when it holds no text; raise Refusal."""
    _check_size(path)
    return decode(path.read_bytes())


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise Refusal(
            "too_big",
            _(
                "The file is %(size)d MB; the limit is %(most)d MB. Please divide the list, or "
                "copy its rows into a new workbook."
            )
            % {"size": size // 1024**2, "most": MAX_BYTES // 1024**2},
        )


def _kind(path: Path, beginning: bytes) -> FileKind:
    if beginning.startswith(_PACKED):
        return check_archive(path)
    if beginning.startswith(_COMPOUND):
        return _check_compound(path.read_bytes())
    text = decode(beginning, whole=False)
    if text is None or beginning.startswith(_NEVER_A_TABLE):
        raise refuse_foreign(_foreign_kind(beginning))
    if text.lstrip().lower().startswith(_PAGE_BEGINNINGS):
        if not has_table(decode(path.read_bytes()) or ""):
            raise refuse_foreign(ForeignKind.WEB_PAGE)
        return FileKind.HTML
    return FileKind.TSV if find_delimiter(text) == "\t" else FileKind.CSV


def _foreign_kind(beginning: bytes) -> ForeignKind:
    return next(
        (kind for start, kind in _FOREIGN_BEGINNINGS if beginning.startswith(start)),
        ForeignKind.UNKNOWN,
    )


def _check_compound(content: bytes) -> FileKind:
    """Recognise XLS by the names in the directory of the compound file
    that Office wrote until 2007.
    """

    def holds(stream: str) -> bool:
        return f"{stream}\0".encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise refuse_encrypted()
    if not (holds("Workbook") or holds("Book")):
        if holds("WordDocument"):
            raise refuse_foreign(ForeignKind.WORD)
        slides = holds("PowerPoint Document")
        raise refuse_foreign(ForeignKind.SLIDES if slides else ForeignKind.UNKNOWN)
    if _LOCKED.search(content):
        raise refuse_encrypted()
    if holds("_VBA_PROJECT_CUR"):
        raise refuse_macros()
    return FileKind.XLS


def _check_name(name: str, kind: FileKind) -> None:
    ending = Path(name).suffix.lower()
    if ending not in _ENDINGS[kind]:
        raise Refusal(
            "wrong_extension",
            _(
                "The name “%(name)s” does not match the content: %(kind)s. Please check that it "
                "is the right file and give it a name ending in %(ending)s."
            )
            % {"name": name, "kind": kind.label, "ending": _ENDINGS[kind][0]},
        )
