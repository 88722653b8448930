"""The places that a text names, in its order: “Thôn 3, xã Khả Phong - H. Kim Bảng”."""

import re
from dataclasses import dataclass
from typing import Final

from lms.core.text import fold, nfc

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
# As the kinds are spelled: with another tone it is a word of a name, as in “Văn Xá” and “Tân Phương”.
_MARKED: Final = {"xa": "xã", "phuong": "phường", "huyen": "huyện", "quan": "quận", "tinh": "tỉnh"}
# The office of a district that looks after the matter: “Phòng LĐ-TB&XH Kim Bảng”.
_ROOM = re.compile(
    r"\bphong (?:ld|lao dong)[\W_]*(?:tb|thuong binh)?[\W_]*(?:va )?[\W_]*(?:xh|xa hoi)?\b"
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
    spelled = _ROOM.sub(" ", _folded(text))
    for short, kind in _SHORT:
        spelled = short.sub(f" {kind} ", spelled)
    places: list[NamedPlace] = []
    for part in _BETWEEN.split(spelled):
        before, *found = _KIND.split(part)
        named = [NamedPlace("", words_of(before))] if _is_place(before) else []
        named += _with_kinds(found)
        places += [NamedPlace(one.kind, one.name.replace("_", "")) for one in named]
    return places


def _folded(text: str) -> str:
    """Return the text folded; a word that only without its tone would be a kind ends with “_”."""
    words = re.split(r"(\w+)", nfc(text).lower())
    for place, word in enumerate(words):
        plain = words[place] = fold(word) if place % 2 else word
        if word not in (plain, _MARKED.get(plain, word)):
            words[place] = f"{plain}_"
    return "".join(words)


def _with_kinds(found: list[str]) -> list[NamedPlace]:
    """Return the places of kinds and names in turn; a kind beside which no name stands is a word of
    the name before it, as in “xa van xa”.
    """
    places: list[NamedPlace] = []
    for kind, words in zip(found[::2], found[1::2], strict=True):
        name = words_of(words)
        if name:
            places.append(NamedPlace(kind, name))
        elif places:
            over = places.pop()
            places.append(NamedPlace(over.kind, f"{over.name} {kind}"))
    return places


def names_a_commune(text: str) -> bool:
    """Return whether a text names a commune by its kind, known or not; “văn hoá - xã hội” is none."""
    return any(
        place.kind in _OF_COMMUNES and not place.name.startswith("hoi") for place in places_in(text)
    )


def _is_place(part: str) -> bool:
    words = words_of(part)
    return (
        any(map(str.isalnum, words))
        and not _VILLAGE.fullmatch(words)
        and not _OFFICE.fullmatch(words)
    )
