"""Text in the Vietnamese code pages of the years before Unicode: recognised, and converted.

Such text arrives as Western letters that stand where its bytes stand: “§øc Lý” is “Đức Lý” in
TCVN3. It is converted only when a person has seen it converted and said yes.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.importing.reading.sheets import Cell, Row, Sheet
from lms.importing.reading.syllables import LETTERS, is_syllable


class LegacyEncoding(models.TextChoices):
    TCVN3 = "tcvn3", _("TCVN3 (fonts .VnTime, .VnArial)")
    VNI = "vni", _("VNI (fonts VNI-Times, VNI-Helve)")
    WINDOWS_1258 = "windows-1258", _("Windows-1258")
    MISREAD_UTF8 = "misread-utf-8", _("Unicode read as Western text")


# TCVN 5712:1993 as the fonts of the ABC programme have it: capitals with a tone are missing.
_TCVN3 = str.maketrans(
    "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
)

# VNI writes the marks as a second letter; ơ, ư, đ, ỵ and i with a tone are single ones.
_VNI_SINGLE = dict(zip("ôöñîæóòÔÖÑÎÆÓÒ", "ơưđỵỉĩịƠƯĐỴỈĨỊ", strict=True))
_VNI_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_ROOF = {"â": "\u0302"} | {
    letter: f"\u0302{tone}" for letter, tone in zip("áàåãä", _VNI_TONES.values(), strict=True)
}
_VNI_BOWL = {"ê": "\u0306"} | {
    letter: f"\u0306{tone}" for letter, tone in zip("éèúüë", _VNI_TONES.values(), strict=True)
}
_VNI_MARKS = _VNI_TONES | _VNI_ROOF | _VNI_BOWL
_VNI_LETTER = re.compile(
    "[aA][ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË]"
    "|[eEoO][ùøûõïâáàåãäÙØÛÕÏÂÁÀÅÃÄ]"
    "|[uUyYôöÔÖ][ùøûõïÙØÛÕÏ]"
    "|[ôöñîæóòÔÖÑÎÆÓÒ]"
)

# Bytes as Western text shows them (Windows-1252, or Latin-1 where that has no sign).
_BYTES = {bytes([b]).decode("latin-1"): b for b in range(0x80, 0x100)} | {
    sign: b for b in range(0x80, 0xA0) if (sign := bytes([b]).decode("cp1252", "ignore"))
}
_WINDOWS_1258 = {
    ord(sign): letter
    for sign, byte in _BYTES.items()
    if (letter := bytes([byte]).decode("cp1258", "ignore"))
}
_AS_BYTES = {ord(sign): chr(byte) for sign, byte in _BYTES.items()}

# No code page of old can have made these.
_UNICODE_ONLY = frozenset(letter for letter in LETTERS if letter > "\xff")
_STRANGE = re.compile(f"[^\\x00-\\x7f{''.join(sorted(LETTERS))}]")
# A soft hyphen and a hard space are letters of the code pages: only ASCII parts words.
_WORD = re.compile(r"[^\x00-@\[-`{-\x7f]+")
_ENOUGH_WORDS = 2_000


def suspect_encoding(texts: Iterable[str]) -> LegacyEncoding | None:
    """Return the code page that most of the strange words are Vietnamese in, or None.

    A word is strange when it has a sign that right Vietnamese never has, so that right text is
    never suspected, whatever it says.
    """
    words = _strange_words(texts)
    best, most = None, 0
    for encoding in LegacyEncoding:
        converted = [(word, _CONVERTERS[encoding](word)) for word in words]
        changed = [after for before, after in converted if after != before]
        right = sum(is_syllable(word) for word in changed)
        if right > most and right * 2 >= len(changed):
            best, most = encoding, right
    return best


def convert(text: str, encoding: LegacyEncoding) -> str:
    """Return the text in Unicode (NFC); text that already is comes back as it was."""
    if text.isascii() or _UNICODE_ONLY.intersection(unicodedata.normalize("NFC", text)):
        return text
    return unicodedata.normalize("NFC", _CONVERTERS[encoding](text))


def convert_sheet(sheet: Sheet, encoding: LegacyEncoding) -> Sheet:
    """Return the sheet in Unicode. Rows that were typed in Unicode are left as they are."""
    return replace(sheet, rows=[_convert_row(row, encoding) for row in sheet.rows])


def _convert_row(row: Row, encoding: LegacyEncoding) -> Row:
    texts = "\n".join(cell for cell in row if isinstance(cell, str))
    # “Ghi chú” beside “Họ và tên” would read as something else in every code page.
    if _UNICODE_ONLY.intersection(texts) and not _STRANGE.search(texts):
        return row

    def converted(cell: Cell) -> Cell:
        return convert(cell, encoding) if isinstance(cell, str) else cell

    return [converted(cell) for cell in row]


def _strange_words(texts: Iterable[str]) -> set[str]:
    words: set[str] = set()
    for text in texts:
        if text.isascii():
            continue
        composed = unicodedata.normalize("NFC", text)
        if _STRANGE.search(composed):
            words.update(w for w in _WORD.findall(composed) if len(w) > 1 and _STRANGE.search(w))
        if len(words) > _ENOUGH_WORDS:
            break
    return words


def _from_tcvn3(text: str) -> str:
    """Convert from TCVN3. Text set in a font of capitals (.VnTimeH)
    has small letters where a tone is: “NGUYÔN”.
    """
    converted = text.translate(_TCVN3)
    if any(char.islower() for char in text if char.isascii()):
        return converted
    mixed = any(
        sum(char.isupper() for char in word) > 1 and word != word.upper()
        for word in converted.split()
    )
    return converted.upper() if mixed else converted


def _from_vni(text: str) -> str:
    return _VNI_LETTER.sub(_vni_letter, text)


def _vni_letter(found: re.Match[str]) -> str:
    base, mark = found[0][0], found[0][1:]
    letter = _VNI_SINGLE.get(base, base) + _VNI_MARKS.get(mark.lower(), "")
    return unicodedata.normalize("NFC", letter)


def _from_windows_1258(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(_WINDOWS_1258))


def _from_misread_utf8(text: str) -> str:
    try:
        return text.translate(_AS_BYTES).encode("latin-1").decode()
    except UnicodeError:
        return text


_CONVERTERS = {
    LegacyEncoding.TCVN3: _from_tcvn3,
    LegacyEncoding.VNI: _from_vni,
    LegacyEncoding.WINDOWS_1258: _from_windows_1258,
    LegacyEncoding.MISREAD_UTF8: _from_misread_utf8,
}
