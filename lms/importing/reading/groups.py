"""Groups inside a list: rows that head the rows below them, and signs for “as above”."""

import re
from collections.abc import Sequence

from lms.core.text import nfc
from lms.importing.reading.headings import filled
from lms.importing.reading.several_tables import is_full_name, looks_like_person
from lms.importing.reading.sheets import Cell, Row
from lms.importing.reading.vocabulary import is_person_label

# A list with this many columns: a row that fills one alone heads the rows below it.
_WIDE = 4
_MARK = r"(?P<mark>[IVXLC]+|[A-ZĐ]|\d{1,3})"
_ALONE = re.compile(rf" *{_MARK} *[.)/:]* *")
_BEFORE = re.compile(rf" *(?:{_MARK} *[.)/:–-]+|[-–+*•]) *(?=\S)")
_ROMAN = re.compile(r"[IVXLC]+")
_PEOPLE = r"(?:người|ng|đ/c|đồng chí|ctv|cộng tác viên|cán bộ|cb)"
# “Xã Khả Phong (12 người)”, “Xã Khả Phong: 12”, “Xã Khả Phong 12 CTV”; “DA2-KB-2” is a code.
_COUNT_AT_END = re.compile(
    rf"(?: *[:(] *| +[–-] +| +(?=\d+ *{_PEOPLE}))(?:(?:tổng số|tổng|có|gồm) *:? *)?\d{{1,4}} *{_PEOPLE}?"
    r" *\)? *[.:]*$",
    re.IGNORECASE,
)
# “12 người”, “(01)”, “Nữ: 2”
_COUNTED = re.compile(
    rf"\(? *(?:(?:tổng số|có|gồm|nam|nữ) *:? *)?\d{{1,4}} *{_PEOPLE}? *\.? *\)?", re.IGNORECASE
)
_OFFICE = r"(?:đơn vị *:? *)?(?:(?:tm\.? *)?ubnd +)?"
# From the widest to the narrowest.
_LEVELS = [
    re.compile(level, re.IGNORECASE)
    for level in (
        rf"{_OFFICE}(?:huyện|quận|thị xã|thành phố|h\.).*",
        rf"{_OFFICE}(?:xã|phường|thị trấn|tt\b|t\.trấn|x\.|p\.).*",
        # Villages have a number more often than a name that a person could have.
        r"(?:thôn|xóm|tổ|tdp|tổ dân phố|khu|khu phố|tiểu khu|đội|ấp|làng) *(?:số *)?\d{1,3}\.?",
    )
]
_DITTO = re.compile(
    r"(?:[-–— ]*(?:[\"“”″〃']|''|,,|\"\"|//)[-–— ]*|[-–—.\"“”″' ]*(?:n[./]?t|như trên|như dòng trên|cũng như trên)[-–—.\"“”″' ]*)",
    re.IGNORECASE,
)
_LONGEST_DITTO = 24
_DITTO_BEGINS = frozenset("\"“”″〃',-–—./ \u00a0nNcC")
_MOST_COUNTED = 1000


class Groups:
    """The headings above a row, the outermost first.

    A new one ends those of its kind, and a unit those of its level and below: a village, a title or
    a remark does not end the commune that it stands in.
    """

    def __init__(self) -> None:
        self._kinds: list[str] = []
        self._levels: list[int | None] = []
        self._texts: list[str] = []
        self._letter = ""

    def begin(self, row: Row) -> None:
        mark, text = _parted(row)
        level = _level_of(text)
        # Without a mark, the unit alone tells which heading stands in which.
        kind = self._kind(mark) if mark or level is None else f"unit {level}"
        depth = next(
            (place for place in range(len(self._kinds)) if self._ends(place, kind, level)),
            len(self._kinds),
        )
        self._kinds[depth:], self._levels[depth:], self._texts[depth:] = [kind], [level], [text]

    def _ends(self, place: int, kind: str, level: int | None) -> bool:
        if self._kinds[place] == kind:
            return True
        older = self._levels[place]
        return level is not None and older is not None and older >= level

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self._texts)

    def _kind(self, mark: str) -> str:
        if mark.isdigit():
            return "number"
        # After A and B, C is a letter; alone it is a hundred of the Romans.
        follows = bool(self._letter) and len(mark) == 1 and ord(mark) == ord(self._letter) + 1
        if mark and (follows or not _ROMAN.fullmatch(mark)):
            self._letter = mark
            return "letter"
        return "roman" if mark else ""


def heads_a_group(row: Row, labels: Sequence[str], *, is_numbered: bool) -> bool:
    """Return whether a row of a list names what the rows below it have in common.

    A numbered row does so only in a list of people, where it names a unit and nobody.
    """
    mark, text = _parted(row)
    if not text or looks_like_person(row):
        return False
    of_people = any(map(is_person_label, labels))
    if of_people and _level_of(text) is not None:
        return True
    if is_numbered or sum(map(bool, labels)) < _WIDE:
        return False
    # Other lists than those of people count things in every row.
    return not _counted(row) or (of_people and bool(mark))


def may_be_somebody(row: Row) -> bool:
    """Return whether a row that heads a group of people could be one of them."""
    mark, text = _parted(row)
    return not mark and _level_of(text) is None and is_full_name(text)


def repeat_above(rows: Sequence[Row]) -> None:
    """Put the cell above into each that holds a sign for it (in place)."""
    above: Row = []
    for row in rows:
        for place, cell in enumerate(row):
            if place < len(above) and isinstance(cell, str) and cell and _says_as_above(cell):
                row[place] = above[place] if above[place] is not None else cell
        above = row


def _says_as_above(cell: str) -> bool:
    # Asked of every cell: most are told by how they begin.
    return (
        cell[0] in _DITTO_BEGINS
        and len(cell) <= _LONGEST_DITTO
        and bool(_DITTO.fullmatch(cell.strip()))
    )


def _parted(row: Row) -> tuple[str, str]:
    """Return the mark and the text of a row that may head a group; no text where it cannot."""
    cells = filled(row)
    while len(cells) > 1 and _is_count(cells[-1]):
        cells = cells[:-1]
    mark = ""
    if len(cells) > 1 and (alone := _ALONE.fullmatch(str(cells[0]))):
        mark, cells = alone["mark"], cells[1:]
    if len(cells) != 1 or not isinstance(cells[0], str):
        return "", ""
    text = nfc(cells[0])
    if not mark and (before := _BEFORE.match(text)):
        mark, text = before["mark"] or "", text[before.end() :]
    count = _COUNT_AT_END.search(text)
    text = text[: count.start()] if count else text
    # A number alone, such as a second phone of the person above, names nothing.
    return (mark, text) if any(map(str.isalpha, text)) else ("", "")


def _level_of(text: str) -> int | None:
    """Return how narrow the unit is that the text names, None for a text that names none."""
    return next((place for place, level in enumerate(_LEVELS) if level.fullmatch(text)), None)


def _counted(row: Row) -> bool:
    cells = filled(row)
    return len(cells) > 1 and _is_count(cells[-1])


def _is_count(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(_COUNTED.fullmatch(cell.strip()))
    return isinstance(cell, int) and 0 <= cell < _MOST_COUNTED
