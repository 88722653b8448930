"""Levels, kinds, names and codes as official lists write them."""

import re
from collections.abc import Collection

from lms.core.text import fold, nfc
from lms.geography.enums import Level

_LEVEL_WORDS: dict[Level, tuple[str, ...]] = {
    Level.PROVINCE: ("tinh", "cap tinh", "thanh pho truc thuoc trung uong"),
    Level.DISTRICT: ("huyen", "cap huyen", "quan", "thi xa", "thanh pho"),
    Level.COMMUNE: ("xa", "cap xa", "phuong", "thi tran", "dac khu"),
}
# The longer ones first: “thị xã” before “xã”.
_KINDS = ("thành phố", "thị trấn", "đặc khu", "phường", "thị xã", "huyện", "quận", "tỉnh", "xã")
# The digits of the statistics office; a table of numbers loses the zeros in front.
_DIGITS = {Level.PROVINCE: 2, Level.DISTRICT: 3, Level.COMMUNE: 5}


def level_named(*, text: str) -> Level | None:
    """Return the level that a list means: by our own words, by “cấp xã”,
    or by a kind such as “phường”.
    """
    words = _plain(text)
    for level, known in _LEVEL_WORDS.items():
        if words in (level.value, _plain(str(level.label)), *known):
            return level
    return None


def kind_and_name(*, kind: str, name: str, level: str) -> tuple[str, str]:
    """Take kind and name apart: “Xã Đức Lý” is the xã of that name.
    `level` is the cell of the level.

    Without a kind of its own the one in front of the name counts, else the one that stands in the
    cell of the level. Kinds are small letters.
    """
    kind, name, level = nfc(kind).lower(), nfc(name), nfc(level).lower()
    for known in (kind,) if kind else _KINDS:
        if name.lower().startswith(f"{known} "):
            return known, name[len(known) + 1 :]
    return kind or (level if level in _KINDS else ""), name


def full_code(*, code: str, level: str) -> str:
    """Return the code of a unit of this level with the zeros in front that it may have lost."""
    if not code.isdecimal() or level not in _DIGITS:
        return code
    return code.zfill(_DIGITS[Level(level)])


def known_code(*, code: str, among: Collection[str]) -> str:
    """Return the code as it stands among these, whatever zeros it has lost; else as it came."""
    if code.isdecimal() and code not in among:
        for digits in _DIGITS.values():
            if code.zfill(digits) in among:
                return code.zfill(digits)
    return code


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))
