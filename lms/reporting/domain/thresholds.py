"""When a unit counts as done: a percentage of its people, or so many people in each commune."""

import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.core.text import fold

_MOST: Final = 100
_NUMBER: Final = re.compile(r"(\d{1,3})(?:[.,](\d{1,4}))?\s*(%|phan tram)?")
# “2 người mỗi xã”, “1 xã 2 CB”, “2 CB/xã”, “cả hai cán bộ của xã”.
_EACH: Final = re.compile(r"\b(?:(?:1|mot|moi|tung|each) )?(?:xa|phuong|thi tran|commune)\b")
_COUNTED: Final = re.compile(r"\b(\d{1,3}|mot|hai|ba|bon|nam|both)\b")
_WORDS: Final = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "both": 2}


@dataclass(frozen=True)
class Threshold:
    """One of the two is set."""

    percent: int | None = None
    each_commune: int | None = None

    def __str__(self) -> str:
        if self.each_commune is not None:
            return _("%(people)s people in each commune") % {"people": str(self.each_commune)}
        return f"{self.percent} %"


def read_threshold(*, text: str) -> Threshold:
    """Read what offices write: “80 %”, “80”, “0,8”, “2 người mỗi xã”, “cả hai cán bộ của xã”.

    Excel keeps 80 % as 0.8 and 100 % as 1. Raises Refusal `threshold_unclear`.
    """
    words = fold(text).strip()
    percent, people = _percent_in(words), _people_in(words)
    if percent is not None:
        return Threshold(percent=percent)
    if people is not None:
        return Threshold(each_commune=people)
    raise Refusal(
        "threshold_unclear",
        _(
            "“%(text)s” is no threshold: write a percentage such as “80 %%”, or “2 people in each commune”."
        )
        % {"text": text},
        field="threshold",
    )


def _percent_in(words: str) -> int | None:
    number = _NUMBER.fullmatch(words)
    if number is None:
        return None
    whole, part, sign = number.groups()
    value = float(f"{whole}.{part or 0}")
    percent = round(value if sign or value > 1 else value * _MOST, 2)
    return int(percent) if percent.is_integer() and 1 <= percent <= _MOST else None


def _people_in(words: str) -> int | None:
    people, places = _EACH.subn(" ", words)
    counted = _COUNTED.findall(people)
    if not places or "%" in words or len(counted) != 1:
        return None
    return _WORDS.get(counted[0]) or int(counted[0]) or None
