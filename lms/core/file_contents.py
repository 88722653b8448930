"""Whether a file that somebody sends holds what its name says: told by its content, and whole.

Nothing is unpacked and nothing is played: heads and tables of contents are read, which a file that was
renamed does not have and one that was cut off no longer has.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext as _

from lms.core.refusal import Refusal

_PDF, _PDF_END, _HEAD, _TAIL = b"%PDF-", b"%%EOF", 1024, 2048
# So far into a recording its first frame is looked for, and so many have to follow each other.
_SEARCHED, _FRAMES = 64 * 1024, 3
_RATES: Final = MappingProxyType(
    {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
)
_KBITS_1: Final = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBITS_2: Final = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_EBML, _CLUSTER = b"\x1aE\xdf\xa3", b"\x1fC\xb6u"
_CUE: Final = re.compile(r"^[\d:.]+\s+-->\s+[\d:.]+", re.MULTILINE)
_MARKS_OF_TEXT: Final = (b"\xff\xfe", b"\xfe\xff")


def check_content(file: Any, *, name: str) -> None:
    """Raise the Refusal `file_kind` unless the file holds what its ending says, `file_damaged`
    where its end is missing; the file is at its begin afterwards.

    An ending of which nothing is known here is not judged: which are taken is for the settings.
    """
    ending = name.rpartition(".")[2].lower()
    is_whole = _CHECKS.get(ending)
    if is_whole is None:
        return
    file.seek(0)
    data = file.read()
    file.seek(0)
    held = is_whole(data)
    if held is None:
        raise Refusal(
            "file_kind",
            _(
                "“%(name)s” is no %(ending)s file: only its name says so. Save it as %(ending)s "
                "again, or choose the right file."
            )
            % {"name": name, "ending": ending.upper()},
            field="file",
        )
    if not held:
        raise Refusal(
            "file_damaged",
            _(
                "This file cannot be read to its end: it was cut off or is damaged. Send it once more."
            ),
            field="file",
        )


def is_whole_pdf(data: bytes) -> bool | None:
    """Return whether a PDF has its end; None for anything else. As are the others below."""
    return _PDF_END in data[-_TAIL:] if _PDF in data[:_HEAD] else None


def _is_whole_mp3(data: bytes) -> bool | None:
    start = 0
    if data[:3] == b"ID3" and len(data) > 10:  # noqa: PLR2004 - the head of the tag
        sizes = data[6:10]
        start = 10 + sum(
            (one & 0x7F) << shift for one, shift in zip(sizes, (21, 14, 7, 0), strict=True)
        )
    if start and start >= len(data):
        return False
    end = start + _SEARCHED
    place = data.find(b"\xff", start, end)
    while place >= 0:
        if _frames_from(data, place):
            return True
        place = data.find(b"\xff", place + 1, end)
    return None


def _frames_from(data: bytes, place: int) -> bool:
    for _number in range(_FRAMES):
        length = _frame_length(data[place : place + 4])
        if not length:
            return False
        place += length
    return True


def _frame_length(head: bytes) -> int:
    """Return the length of a frame of MPEG audio, layer III, by its head; 0 where it is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # noqa: PLR2004
        return 0
    version, kbits, rate = (head[1] >> 3) & 3, head[2] >> 4, (head[2] >> 2) & 3
    rates = _RATES.get(version)
    if rates is None or rate == len(rates) or not 0 < kbits <= len(_KBITS_1):
        return 0
    table, samples = (_KBITS_1, 144) if version == 3 else (_KBITS_2, 72)  # noqa: PLR2004
    return samples * table[kbits - 1] * 1000 // rates[rate] + ((head[2] >> 1) & 1)


def _is_whole_mpeg4(handler: bytes) -> Callable[[bytes], bool | None]:
    """`handler`: what one of its tracks has to be."""

    def is_whole(data: bytes) -> bool | None:
        if data[4:8] != b"ftyp":
            return None
        boxes = dict(_boxes_of(data))
        if not {b"moov", b"mdat"} <= boxes.keys() or None in boxes.values():
            return False
        return True if handler in (boxes[b"moov"] or b"") else None

    return is_whole


def _boxes_of(data: bytes) -> Iterator[tuple[bytes, bytes | None]]:
    """Yield name and content of the outer boxes; of one that was cut off there is no content."""
    place = 0
    while place + 8 <= len(data):
        size, name, head = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[place + 8 : place + 16]), 16
        # 0: to the end of the file.
        end = place + size if size else len(data)
        yield name, data[place + head : end] if place + head <= end <= len(data) else None
        place = max(end, place + head)


def _is_whole_webm(data: bytes) -> bool | None:
    if not data.startswith(_EBML) or b"webm" not in data[:64]:
        return None
    return _CLUSTER in data


def _is_whole_vtt(data: bytes) -> bool | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return bool(_CUE.search(text)) if text.startswith("WEBVTT") else None


def _is_whole_text(data: bytes) -> bool | None:
    # As UTF-16 every other byte of it is none.
    return True if data.startswith(_MARKS_OF_TEXT) or b"\0" not in data else None


def _is_whole_office(folder: str) -> Callable[[bytes], bool | None]:
    """`folder`: where its main part lies; the table of contents, its end, names all parts."""

    def is_whole(data: bytes) -> bool | None:
        if not data.startswith(b"PK\x03\x04"):
            return None
        try:
            names = zipfile.ZipFile(io.BytesIO(data)).namelist()
        # It raises what it meets in a table that was tampered with.
        except Exception:  # noqa: BLE001
            return False
        return True if any(name.startswith(folder) for name in names) else None

    return is_whole


def _is_whole_odt(data: bytes) -> bool | None:
    # Its kind stands unpacked at the begin.
    return _is_whole_office("content.xml")(data) if b"opendocument.text" in data[:100] else None


_CHECKS: Final[MappingProxyType[str, Callable[[bytes], bool | None]]] = MappingProxyType(
    {
        "pdf": is_whole_pdf,
        "mp3": _is_whole_mp3,
        "m4a": _is_whole_mpeg4(b"soun"),
        "mp4": _is_whole_mpeg4(b"vide"),
        "webm": _is_whole_webm,
        "vtt": _is_whole_vtt,
        "csv": _is_whole_text,
        "txt": _is_whole_text,
        "docx": _is_whole_office("word/"),
        "pptx": _is_whole_office("ppt/"),
        "xlsx": _is_whole_office("xl/"),
        "odt": _is_whole_odt,
    }
)
