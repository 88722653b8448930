"""One cell as the value that a field needs, or the reason in words for the person who sent it."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.enums import Sex
from lms.accounts.register.domain.phones import ParsedPhone, parse_phone
from lms.core.refusal import Refusal
from lms.core.text import fold, nfc
from lms.importing.reading.sheets import Cell

# How our own exports keep Excel from running a text as a formula.
_GUARDED = re.compile(r"'[=+\-@].*", re.DOTALL)
# A formula that only keeps a text as it is: ="0912345678".
_QUOTED = re.compile(r'= ?"([^"]*)"')
_WHOLE_NUMBER = re.compile(r"(-?\d+)\.0+")

PLAUSIBLE_YEARS = range(1900, 2101)
_CENTURY = 100
# Day 1 of Excel is 1 January 1900, but it counts a 29 February 1900 that never was.
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(3_654, 73_416)
_DAY_FIRST = re.compile(
    r"(\d{1,2})[\s/.,-]+(\d{1,2})[\s/.,-]+(\d{4}|\d{2})(?:[ t]\d{1,2}:\d{2}(?::\d{2})?)?"
)
_IN_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:[ t]\d{1,2}:\d{2}(?::\d{2})?)?")
# As a text or as a number, which has lost its first 0: 05031985.
_RUN_TOGETHER = re.compile(r"\d{7,8}")
_TRAILING = " .,;:…"
_YEAR = re.compile(r"(?:sinh )?(?:nam )?(\d{4})")
_MONTH_AND_YEAR = re.compile(r"(?:thang )?(0?[1-9]|1[0-2])(?:[/.-]| nam )(\d{4})")

_SEXES = {
    Sex.MALE: {"nam", "male", "m", "trai", "ong", "anh"},
    Sex.FEMALE: {"nu", "female", "f", "gai", "ba", "chi"},
}

_ROUNDED = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
_TWO_NUMBERS = 18


def as_text(cell: Cell) -> str:
    """Return text composed, without double spaces and invisible signs;
    a whole number without “.0”.
    """
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return (
            f"{cell:%d/%m/%Y}" if cell.time() == datetime.min.time() else f"{cell:%d/%m/%Y %H:%M}"
        )
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    text = nfc(str(cell))
    if _GUARDED.fullmatch(text):
        text = text[1:]
    elif quoted := _QUOTED.fullmatch(text):
        text = nfc(quoted[1])
    whole = _WHOLE_NUMBER.fullmatch(text)
    return whole[1] if whole else text


def as_date(cell: Cell) -> date | None:
    """Read a day, however it is written, with the day before the month; None for a blank.

    A year alone is no date: it is refused with the code "only_year", never given a day.
    """
    text = as_text(cell)
    if not text:
        return None
    if (year := _year_alone(cell)) is not None:
        raise Refusal(
            "only_year",
            _("“%(value)s” is only a year; day and month are missing.") % {"value": year},
        )
    found = _day_of(cell, text)
    if found is None or found.year not in PLAUSIBLE_YEARS:
        raise Refusal(
            "not_a_date",
            _("“%(value)s” is not a date. Please write day, month and year, such as 05/03/1985.")
            % {"value": text},
        )
    return found


def as_year(cell: Cell) -> int | None:
    """Read a year of four digits, or that of a date; None for a blank."""
    text = as_text(cell)
    if not text:
        return None
    year = _year_alone(cell)
    if year is None and (month := _MONTH_AND_YEAR.fullmatch(fold(text).rstrip(_TRAILING))):
        year = int(month[2])
    if year is None and (day := _day_of(cell, text)):
        year = day.year
    if year not in PLAUSIBLE_YEARS:
        raise Refusal(
            "not_a_year",
            _("“%(value)s” is not a year. Please write four digits, such as 1985.")
            % {"value": text},
        )
    return year


def as_sex(cell: Cell) -> Sex | None:
    """Read male or female; None for a blank."""
    text = as_text(cell)
    if not text:
        return None
    for sex, words in _SEXES.items():
        if fold(text) in words:
            return sex
    raise Refusal("not_a_sex", _("“%(value)s” is neither “Nam” nor “Nữ”.") % {"value": text})


def as_phone(cell: Cell) -> ParsedPhone | None:
    """Read the number, or why it does not work today; `raw` is the cell. None for a blank.

    Never raises: the register keeps a number that no longer works as it was delivered. A cell
    that holds a number has lost the 0 in front, which is put back.
    """
    text = as_text(cell)
    if not text:
        return None
    if isinstance(cell, int | float) and not text.startswith(("0", "84")):
        return replace(parse_phone(f"0{text}"), raw=text)
    return parse_phone(text)


def phone_problem(phone: ParsedPhone) -> Refusal | None:
    """Return why the number does not work today, as a sentence that names it."""
    if phone.problem is None:
        return None
    if _ROUNDED.fullmatch(phone.raw):
        return Refusal(
            "rounded",
            _(
                "“%(value)s” is a number that Excel has shortened. Please write the phone number as text."
            )
            % {"value": phone.raw},
        )
    if sum(sign.isdigit() for sign in phone.raw) >= _TWO_NUMBERS:
        return Refusal(
            "two_numbers",
            _("“%(value)s” contains more than one phone number. Please keep one.")
            % {"value": phone.raw},
        )
    return Refusal(
        phone.problem.value,
        _("“%(value)s”: %(reason)s") % {"value": phone.raw, "reason": phone.problem.label},
    )


def _year_alone(cell: Cell) -> int | None:
    """Return the year of a cell that holds nothing more.

    1985 in a cell that is shown as a date arrives as 7 June 1905, its day of that number.
    """
    if isinstance(cell, date):
        year = (date(cell.year, cell.month, cell.day) - _EXCEL_EPOCH).days
    else:
        found = _YEAR.fullmatch(fold(as_text(cell)).rstrip(_TRAILING))
        year = int(found[1]) if found else 0
    return year if year in PLAUSIBLE_YEARS else None


def _day_of(cell: Cell, text: str) -> date | None:
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    if isinstance(cell, int | float) and _SERIALS.start <= cell < _SERIALS.stop:
        return _EXCEL_EPOCH + timedelta(days=int(cell))
    folded = fold(text).rstrip(_TRAILING)
    if _RUN_TOGETHER.fullmatch(folded):
        return _run_together(folded)
    if found := _DAY_FIRST.fullmatch(folded) or _IN_WORDS.fullmatch(folded):
        return _date_or_none(whole_year(found[3]), int(found[2]), int(found[1]))
    if found := _YEAR_FIRST.fullmatch(folded):
        return _date_or_none(int(found[1]), int(found[2]), int(found[3]))
    return None


def _run_together(digits: str) -> date | None:
    """Read 05031985 day first, or 19850305 where that gives no day."""
    full = digits.zfill(len("05031985"))
    day = _date_or_none(int(full[4:]), int(full[2:4]), int(full[:2]))
    if day is not None and day.year in PLAUSIBLE_YEARS:
        return day
    return _date_or_none(int(full[:4]), int(full[4:6]), int(full[6:]))


def whole_year(digits: str) -> int:
    """Read two digits as a year of the last hundred years."""
    if len(digits) > len("85"):
        return int(digits)
    this_year = timezone.localdate().year
    year = this_year - this_year % _CENTURY + int(digits)
    return year if year <= this_year else year - _CENTURY


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
