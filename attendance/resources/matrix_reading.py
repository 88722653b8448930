"""The table of an office: people down, sessions across by number or day, a sign in each cell."""

import re
from typing import Final

from attendance.cells import HALF
from attendance.domain.status_words import sign_of
from attendance.enums import AttendanceStatus
from lms.core.text import fold

_ISO: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})( 00:00:00)?")
_DAY: Final = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})([/.-](?P<year>\d{4}))?(?!\d)")
_NUMBER: Final = re.compile(r"\b(?:buoi(?: hoc| tap huan| so| thu| /)*|b) ?0?(\d{1,2})\b")
_WEEKDAY: Final = re.compile(r"\bthu ([2-7]|hai|ba|tu|nam|sau|bay)\b|\bchu nhat\b|\bcn\b")
_PART: Final = re.compile(r"\b(sang|chieu|toi)\b")
# As it is shown to whoever sent the list.
_PARTS_WRITTEN: Final = {"sang": "sáng", "chieu": "chiều", "toi": "tối"}
# What else may stand in the heading of a session.
_OTHER_WORDS: Final = frozenset(
    ("ngay", "buoi", "hoc", "tap", "huan", "diem", "danh", "cac", "so", "thoi", "gian")
)
_TICKS: Final = frozenset("✓✔√☑+")
_HALVES: Final = frozenset((HALF, f"x{HALF}", f"{HALF}x", "1/2", "x/2", "0.5", "0,5", "nua buoi"))
_MINUTES: Final = re.compile(r"(\d{1,3})( ?(?:phut|p|\'))?")


def session_in_heading(label: str) -> dict[str, str]:
    """Return the cells of a list that name the session of a heading, by number, day and part of
    the day: “Buổi 1”, “Sáng 06/05”; none where it is another column.
    """
    words, cells = fold(label), {}
    if found := _ISO.search(words) or _DAY.search(words):
        year = f"/{found['year']}" if found["year"] else ""
        cells["day"] = f"{int(found['day']):02}/{int(found['month']):02}{year}"
        words = words.replace(found[0], " ")
    words = _WEEKDAY.sub(" ", words)
    if found := _NUMBER.search(words):
        cells["number"] = found[1]
        words = words.replace(found[0], " ")
    if cells and (found := _PART.search(words)):
        cells["day_part"] = _PARTS_WRITTEN[found[1]]
        words = words.replace(found[0], " ")
    return cells if set(re.findall(r"\w+", words)) <= _OTHER_WORDS else {}


def read_sign(text: str) -> dict[str, str] | None:
    """Return what a sign says that the table of a class does not know: a tick, ½, minutes; None for
    any other. 1 and 0 say that somebody was there or not.
    """
    words = fold(text).strip()
    if words in _TICKS:
        return {"status": sign_of(AttendanceStatus.PRESENT)}
    if words in _HALVES:
        return {"status": sign_of(AttendanceStatus.PRESENT), "attended": HALF}
    minutes = _MINUTES.fullmatch(words)
    if minutes is None:
        return None
    if int(minutes[1]) == 0:
        return {"status": sign_of(AttendanceStatus.ABSENT)}
    if words == "1":
        return {"status": sign_of(AttendanceStatus.PRESENT)}
    return {"status": sign_of(AttendanceStatus.PRESENT), "attended": minutes[1]}
