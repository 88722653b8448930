"""The session that a title, the heading of a group or the name of a sheet tells."""

import re
from collections.abc import Iterable
from datetime import date

from lms.core.text import fold

_NUMBER = re.compile(r"\bbuoi (?:(?:hoc|tap huan|thu|so):? )*(\d{1,3})\b(?![/.-]\d)")
_DAY = re.compile(
    r"(?P<day>\d{1,2}) ?[/.-] ?(?P<month>\d{1,2}) ?[/.-] ?(?P<year>(?:19|20)\d{2})"
    r"|ngay (?P<d>\d{1,2}) thang (?P<m>\d{1,2}) nam (?P<y>\d{4})"
)
# The day of a letter stands after its place: “Kim Bảng, ngày 5 tháng 9 năm 2014”.
_OF_A_LETTER = re.compile(r"[^\d,]{2,40}, ?ngay .*")
# When the file was made: “Tải về lúc 21:53 29/11/2026, người tải: …”.
_OF_A_FILE = re.compile(r"(?:tai ve|in|xuat) (?:luc|ngay) .*|downloaded on .*")


def session_number_in(texts: Iterable[str]) -> str:
    """Return the number in the first text that names one session, "" for none."""
    for text in texts:
        numbers = set(_NUMBER.findall(fold(text)))
        if numbers:
            return numbers.pop() if len(numbers) == 1 else ""
    return ""


def session_day_in(texts: Iterable[str]) -> str:
    """Return the day in the first text that names one, "" for none; from … to … are two."""
    for text in texts:
        folded = fold(text)
        if _OF_A_LETTER.fullmatch(folded) or _OF_A_FILE.match(folded):
            continue
        if days := {_day(found) for found in _DAY.finditer(folded)} - {None}:
            return f"{days.pop():%d/%m/%Y}" if len(days) == 1 else ""
    return ""


def _day(found: re.Match[str]) -> date | None:
    day, month, year = (found[name] or found[name[0]] for name in ("day", "month", "year"))
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
