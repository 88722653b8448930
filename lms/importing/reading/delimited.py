"""Text tables: which letters the bytes are, which sign parts the columns, and the rows."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from pathlib import Path

from lms.importing.reading.file_types import refuse_damaged

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ";\t,|"
# Signs that no text holds; tab, line ends, form feed and the end mark of old DOS files may be.
_NEVER_IN_TEXT = frozenset(map(chr, range(32))) - set("\t\n\r\x0b\x0c\x1a")
# Latin-1 has control signs where Windows-1252 has quotes and dashes, but for five bytes.
_WINDOWS_SIGNS = {
    byte: sign for byte in range(0x80, 0xA0) if (sign := bytes([byte]).decode("cp1252", "ignore"))
}
_SAMPLE = 64 * 1024
_SAMPLE_RECORDS = 30


def decode(content: bytes, *, whole: bool = True) -> str | None:
    """Decode the text of the bytes, or None when they are no text.

    UTF-8 and UTF-16 with or without a mark; all else as Windows-1252 without loss: the
    Vietnamese code pages of old (TCVN3, VNI, Windows-1258) then arrive as its look-alikes, and
    `suspect_encoding` recognises them. `whole` is False for the beginning of a file, whose last
    letter may be cut in two.
    """
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for encoding in [marked] if marked else [_bare_utf_16(content) or "utf-8", "latin-1"]:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(content, final=whole)
        except UnicodeDecodeError:
            continue
        if _NEVER_IN_TEXT.intersection(text):
            return None
        return text.translate(_WINDOWS_SIGNS) if encoding == "latin-1" else text
    return None


def _bare_utf_16(content: bytes) -> str | None:
    """Detect UTF-16 without a mark: every second byte of the Latin letters
    and line ends is zero.
    """
    sample = content[:_SAMPLE]
    evens, odds = sample[0::2].count(0), sample[1::2].count(0)
    if max(evens, odds) * 5 < len(sample):
        return None
    return "utf-16-be" if evens > odds else "utf-16-le"


def read_delimited(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a text table; every cell is text. Raises Refusal."""
    text = decode(path.read_bytes())
    if text is None:
        raise refuse_damaged()
    rows = _records(text.rstrip("\x1a"), find_delimiter(text))
    try:
        yield from islice(rows, 1 if _names_its_sign(text) else 0, None)
    except csv.Error as error:
        raise refuse_damaged() from error


def find_delimiter(text: str) -> str:
    """Return the sign that parts most columns most often in the first records;
    a comma when none does.

    Signs inside quotes do not count, and Excel's own first line “sep=;” decides.
    """
    if _names_its_sign(text):
        return text[4]
    sample = text[:_SAMPLE]
    return max(_DELIMITERS, key=lambda sign: (_agreement(sample, sign), sign == ","))


def _names_its_sign(text: str) -> bool:
    return text[:4].lower() == "sep=" and text[4:5] in tuple(_DELIMITERS)


def _agreement(sample: str, sign: str) -> int:
    """Count the cells of the records that have the usual number of columns,
    when it is above one.
    """
    records = islice(_records(sample, sign), _SAMPLE_RECORDS)
    widths = Counter(len(record) for record in records if len(record) > 1)
    return max((width * times for width, times in widths.items()), default=0)


def _records(text: str, sign: str) -> Iterator[list[str]]:
    # A file object keeps \r\n and the line ends inside quotes as they are.
    return csv.reader(StringIO(text, newline=""), delimiter=sign)
