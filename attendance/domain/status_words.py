"""The words and signs by which rolls on paper and in lists tell a status."""

import re

from attendance.enums import AttendanceStatus
from lms.core.text import fold

_STATUS_WORDS = {
    AttendanceStatus.PRESENT: ("co mat", "co", "du", "tham du", "x"),
    AttendanceStatus.LATE: ("muon", "di muon", "den muon", "tre", "di tre", "m"),
    AttendanceStatus.EXCUSED: ("vang co phep", "co phep", "nghi co phep", "phep", "p", "cp"),
    AttendanceStatus.ABSENT: ("vang", "vang khong phep", "vang mat", "khong phep", "v", "kp", "k"),
}

_SIGNS = {
    AttendanceStatus.PRESENT: "x",
    AttendanceStatus.LATE: "m",
    AttendanceStatus.EXCUSED: "p",
    AttendanceStatus.ABSENT: "v",
}


def read_status(text: str) -> AttendanceStatus | None:
    """Return the status that a word or a sign means, with or without accents; None: none."""
    words = " ".join(re.findall(r"[^\W_]+", fold(text)))
    for status in AttendanceStatus:
        if words in (status.value, fold(str(status.label)), *_STATUS_WORDS[status]):
            return status
    return None


def sign_of(status: str) -> str:
    """Return the sign by which rolls on paper and grids note a status; `read_status` reads it."""
    return _SIGNS[AttendanceStatus(status)]
