"""What a cell of names says: the name, and what offices write around it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from lms.core.text import fold, nfc, with_plain_apostrophes

# With their marks: Chu, Ba and Bac are names. The abbreviations are no Vietnamese syllables.
_TITLES: Final = re.compile(
    r"(?:(?:ông|bà|anh|chị|cô|chú|bác|dì|cậu|mợ|thím|cụ|em|cháu|thầy|cô giáo|thầy giáo|bác sĩ|bác sỹ|"
    r"đồng chí|đ/c|d/c|đ\.c|đ\.\s?chí|đc|dc|pgs|gs|ths|th\.s|thạc sĩ|thạc sỹ|tiến sĩ|tiến sỹ|ts|"
    r"bs|cn|ks|ds|bscki{1,2}|ck[i1-2]{1,2}|mr|mrs|ms|dr)"
    r"(?:[.:]+\s*|\s+)|[ôÔ](?:[.:])\s*|(?:ông|ong|anh|cô)\s?[/(,]\s?(?:bà|ba|chị|chú)\s?\)?[.:]*\s+)"
    r"(?=\S)",
    re.IGNORECASE,
)
# The one title that is a family name as well: Ông Ích Khiêm.
_ALSO_A_FAMILY: Final = re.compile(r"ông\s", re.IGNORECASE)
_FAMILY_NAMES: Final = (
    "an bach bui cao chu cu dam dang dao dinh do doan doi duong gia giang giap ha ho hoang hua huynh "
    "khong khuat kieu la lai lam le lu luong luu ly ma mac mai nghiem ngo nguy nguyen nhu ninh nong "
    "ong phan pham phi phung quach ta tang thach thai than thieu tieu to tong tran trieu trinh truong "
    "tu vo vu vuong"
)
_FAMILIES: Final = frozenset(_FAMILY_NAMES.split(" "))
_MIDDLE_NAMES: Final = ("van", "thi")
_NUMBERING: Final = re.compile(r"(?:\(?\d{1,4}\s*[.):/\]-]+|\d{1,4}\s)\s*(?=\D)")
_SIGNS_BEFORE: Final = re.compile(r"[^\w(\[{]+")
_BRACKET: Final = re.compile(r"\s*(?:[(\[{][^)\]}]*[)\]}]?|[)\]}])")
# A dash inside a word belongs to it, unless a year follows.
_REMARK: Final = re.compile(
    r"(?:\s+[-–—]+\s*|[-–—]+\s+|\s*[,;:/|+=\n]\s*|\s+(?=\d)|[-–—](?=(?:19|20)\d\d$)).*$", re.DOTALL
)
# In small letters behind a whole name, as it is written in a list with names in ordinary case.
_IN_WORDS: Final = re.compile(
    r"(?<=\w)\s+(?:và|thay(?: thế)?(?: cho)?|kiêm(?= (?:trưởng|phó|bí thư|cán bộ|cộng tác)))\s+\S.*$"
)
_SIGNS_BEHIND: Final = re.compile(r"[^\w)\]}]+$")


@dataclass(frozen=True)
class WrittenName:
    """The name, and what came off it, as it was written and in the order of the cell."""

    name: str
    left_off: tuple[str, ...] = ()

    @property
    def is_lone(self) -> bool:
        """Whether a given name stands without a family name; a code in its place is none."""
        return " " not in self.name and self.name.replace("'", "").isalpha()

    @property
    def is_odd(self) -> bool:
        """Whether signs, digits or a second person are left in it; a code in its place is none."""
        plain = re.fullmatch(r"[^\W\d_]+(?:[ .'-]+[^\W\d_]+)*\.?", self.name)
        return " " in self.name and (not plain or self._names_several())

    def _names_several(self) -> bool:
        """Whether another person is named: behind “và” or a sign, or with a family name in the
        middle that “Văn” or “Thị” follows.
        """
        words = fold(self.name).split()
        pairs = pairwise(words[2:])
        return (
            " và " in self.name.lower()
            or any(one in _FAMILIES and other in _MIDDLE_NAMES for one, other in pairs)
            or any(off.startswith("và ") or _looks_like_name(off) for off in self.left_off)
        )


def _looks_like_name(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", fold(text))
    return len(words) > 1 and words[0] in _FAMILIES and words[1] in _MIDDLE_NAMES


# Asked for the cell, for what comes off, and for what is odd.
@lru_cache(maxsize=1024)
def read_name(*, text: str) -> WrittenName:
    """Take numbers, titles, signs and remarks off a name.

    Never empties a name: what would leave no letter stays. A name that has nothing around it is
    not touched, nor is a code that stands in for a name.
    """
    name = with_plain_apostrophes(nfc(text))
    before: list[str] = []
    behind: list[str] = []
    while shorter := _first_cut(name):
        start, end = shorter
        cut = name[:start], name[end:]
        off = name[start:end].strip()
        (before if not cut[0].strip() else behind).append(off)
        name = nfc(" ".join(cut)) if all(cut) else nfc("".join(cut))
    return WrittenName(name, (*before, *reversed(behind)))


def _first_cut(name: str) -> tuple[int, int] | None:
    """Return where the first thing stands that comes off and leaves a name."""
    if " " not in name and any(char.isdigit() for char in name) and name[:1].isalpha():
        return None
    for find in _CUTS:
        found = find(name)
        if found and any(char.isalpha() for char in name[: found[0]] + name[found[1] :]):
            return found
    return None


def _at_start(pattern: re.Pattern[str]) -> Callable[[str], tuple[int, int] | None]:
    def find(name: str) -> tuple[int, int] | None:
        match = pattern.match(name)
        return match.span() if match else None

    return find


def _anywhere(pattern: re.Pattern[str]) -> Callable[[str], tuple[int, int] | None]:
    def find(name: str) -> tuple[int, int] | None:
        match = pattern.search(name)
        return match.span() if match else None

    return find


def _remark(name: str) -> tuple[int, int] | None:
    """Return where a remark stands; words behind one single word may be the name."""
    match = _REMARK.search(name)
    if match and " " not in name[: match.start()] and any(map(str.isalpha, match[0])):
        return None
    return match.span() if match else None


def _in_words(name: str) -> tuple[int, int] | None:
    """Return where a whole name is followed by words on somebody else, or on another post."""
    match = _IN_WORDS.search(name)
    return match.span() if match and " " in name[: match.start()] else None


def _title(name: str) -> tuple[int, int] | None:
    match = _TITLES.match(name)
    if match and _ALSO_A_FAMILY.match(name):
        rest = fold(name[match.end() :]).split()
        if len(rest) > 1 and rest[0] not in _FAMILIES:
            return None
    return match.span() if match else None


_CUTS: Final = (
    _at_start(_NUMBERING),
    _at_start(_SIGNS_BEFORE),
    _title,
    _anywhere(_BRACKET),
    _remark,
    _in_words,
    _anywhere(_SIGNS_BEHIND),
)
