"""The places that a text names, in its order: “Thôn 3, xã Khả Phong - H. Kim Bảng”."""

import re
from dataclasses import dataclass
from typing import Final

from lms.core.text import fold

# The longer ones first: “thị xã” before “xã”.
KINDS: Final = ("thi tran", "thi xa", "thanh pho", "phuong", "huyen", "quan", "tinh", "xa")
_OF_COMMUNES = ("thi tran", "phuong", "xa")
# Short forms, with or without points; a single letter counts before a name alone.
_SHORT = (
    (re.compile(r"\bt ?\. ?t(r(an)?)?\b\.?|\btt(r)?\b\.?|\bt ?\. ?tran\b"), "thi tran"),
    (re.compile(r"\bt ?\.? ?p\b\.?"), "thanh pho"),
    (re.compile(r"\bt ?\.? ?x\b\.?"), "thi xa"),
    (re.compile(r"\bx\b[. ]"), "xa"),
    (re.compile(r"\bp\b[. ]"), "phuong"),
    (re.compile(r"\bh\b[. ]"), "huyen"),
    (re.compile(r"\bq\b[. ]"), "quan"),
    (re.compile(r"\bt\. ?(?=\D)"), "tinh"),
)
_BETWEEN = re.compile(r"[,;:/()\[\]|–—\n-]+")
_KIND = re.compile(rf"\b({'|'.join(KINDS)})\b")
# Smaller than any unit: a village, a street group, with or without a number.
_VILLAGE = re.compile(
    r"(thon|xom|to dan pho|to dp|tdp|to|khu pho|khu|tieu khu|doi|lang|ap|ban)\b.*"
)
_OFFICE = re.compile(
    r"(van phong )?(ubnd|uy ban nhan dan|hdnd|hoi dong nhan dan|dang uy|mttq|uy ban mttq|cong an"
    r"|tram y te|hoi lhpn|hoi phu nu|doan thanh nien|phong (ldtbxh|ld tb xh|lao dong.*))"
)


@dataclass(frozen=True)
class NamedPlace:
    """A name as it is searched by, with the kind in front of it, "" for none."""

    kind: str
    name: str


def words_of(text: str) -> str:
    """Return the words folded and without punctuation:
    “Xã Đức Lý, huyện Lý Nhân” is “xa duc ly huyen ly nhan”.
    """
    return " ".join(re.sub(r"[,.\-–—]", " ", fold(text)).split())


def places_in(text: str) -> list[NamedPlace]:
    """Return the places of a text, without villages and the offices that sit there."""
    spelled = fold(text)
    for short, kind in _SHORT:
        spelled = short.sub(f" {kind} ", spelled)
    places: list[NamedPlace] = []
    for part in _BETWEEN.split(spelled):
        before, *found = _KIND.split(part)
        named = [NamedPlace("", words_of(before))] if _is_place(before) else []
        named += [
            NamedPlace(kind, words_of(name))
            for kind, name in zip(found[::2], found[1::2], strict=True)
        ]
        places += [place for place in named if place.name]
    return places


def names_a_commune(text: str) -> bool:
    """Return whether a text names a commune by its kind, known or not; “văn hoá - xã hội” is none."""
    return any(
        place.kind in _OF_COMMUNES and not place.name.startswith("hoi") for place in places_in(text)
    )


def _is_place(part: str) -> bool:
    words = words_of(part)
    return bool(words) and not _VILLAGE.fullmatch(words) and not _OFFICE.fullmatch(words)
