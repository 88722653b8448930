"""Which cadre a title means, as offices write titles: “CTV thôn 3”, “CC VH-XH”, “CB LĐ-TB&XH”."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from lms.accounts.enums import Cadre
from lms.core.text import fold
from lms.geography.enums import Level

# Spelled out before the titles are compared; the longer ones first.
_SHORT: Final = (
    (r"ld ?tb ?(va )?xh|lao dong( thuong binh)?( va)? xa hoi", "lao dong thuong binh xa hoi"),
    # Offices also leave out the first two words, and the room.
    (r"(?<!dong )(tb ?(va )?xh|thuong binh( va)? xa hoi)", "lao dong thuong binh xa hoi"),
    (r"vh ?(va )?xh|van hoa va xa hoi|van xa", "van hoa xa hoi"),
    (r"bv( ?va)? ?cs ?te|bvcs tre em", "bao ve cham soc tre em"),
    (r"bv ?te", "bao ve tre em"),
    (r"ctv", "cong tac vien"),
    (r"tnv", "tinh nguyen vien"),
    (r"cbcc", "cong chuc"),
    (r"cb", "can bo"),
    (r"cc", "cong chuc"),
    (r"cv", "chuyen vien"),
    (r"te", "tre em"),
)
_SPELLED = [(re.compile(rf"\b({short})\b"), words) for short, words in _SHORT]
# The first that fits counts; a collaborator may be village head besides, so this one comes first.
_TITLES: Final = (
    (Cadre.CORE_CHILD, r"(nhom )?tre( em)? nong cot\b.*"),
    (Cadre.PARENT_GROUP, r"(thanh vien )?(nhom )?(cha me|phu huynh)\b.*"),
    (Cadre.COLLABORATOR, r"(.* )?(cong tac vien|tinh nguyen vien)\b.*"),
    (
        Cadre.DISTRICT_OFFICER,
        r"((can bo|cong chuc|chuyen vien|lanh dao|truong|pho( truong)?) )*phong\b.*"
        r"|(can bo|cong chuc|chuyen vien)\b.* (huyen|quan|thi xa|thanh pho)( .*)?",
    ),
    (
        Cadre.COMMUNE_OFFICER,
        r"(can bo|cong chuc|chuyen vien)( cap)? (xa|phuong|thi tran)\b.*"
        r"|((can bo|cong chuc|chuyen vien|phu trach|chuyen trach|cong tac|ve|lam|xa) )*"
        r"(van hoa xa hoi|lao dong thuong binh xa hoi|chinh sach( xa hoi)?|(bao ve |cham soc )*tre em)"
        r"\b.*",
    ),
)
_PATTERNS = [(cadre, re.compile(pattern)) for cadre, pattern in _TITLES]
_OF_A_COMMUNE = re.compile(r"\b(xa|phuong|thi tran)(?! hoi)\b")
_OFFICERS = re.compile(r"\b(can bo|cong chuc|chuyen vien|lanh dao)\b.*\bcong tac vien\b")
_LONGEST = 150


# “I. Danh sách các cộng tác viên”, “DS CTV”
_LIST_OF: Final = re.compile(
    r"(?:[ivxl]+ |[a-z] |\d{1,2} )?(?:danh sach|ds)(?: trich ngang)?(?: cac)? (.*)"
)


def cadre_titled(text: str) -> Cadre | None:
    """Return the cadre that a title means; None for one that says nothing of it."""
    words = _spelled_out(text)
    return next((cadre for cadre, pattern in _PATTERNS if pattern.fullmatch(words)), None)


def cadre_at(*, title: str, cadre: str, level: str) -> str:
    """Return the cadre of an officer whose title leaves open whether of commune or district."""
    is_open = cadre == Cadre.COMMUNE_OFFICER and not _OF_A_COMMUNE.search(_spelled_out(title))
    return Cadre.DISTRICT_OFFICER if is_open and level == Level.DISTRICT else cadre


def cadre_of_list(texts: Iterable[str]) -> Cadre | None:
    """Return the one cadre that the title of a list names: “Danh sách cộng tác viên …”.

    “Danh sách cán bộ, cộng tác viên” names two groups, and so none.
    """
    named = {
        cadre
        for text in texts
        if (list_of := _LIST_OF.fullmatch(_spelled_out(text)))
        if (cadre := cadre_titled(list_of[1])) is not None
        if cadre != Cadre.COLLABORATOR or not _OFFICERS.search(list_of[1])
    }
    return named.pop() if len(named) == 1 else None


@lru_cache(maxsize=1024)
def _spelled_out(text: str) -> str:
    words = " ".join(re.findall(r"[^\W_]+", fold(text[:_LONGEST])))
    for short, spelled in _SPELLED:
        words = short.sub(spelled, words)
    return words
