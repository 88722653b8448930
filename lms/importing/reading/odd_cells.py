"""Cells that hold more, or less, than the field wants: what is kept of them, and what is told.

A number with a remark, two numbers, a birth of which only the year is known: the person must not
be lost over them, and nothing may be put aside without a word.
"""

import re
from dataclasses import dataclass

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberMatcher, PhoneNumberType

from lms.accounts.register.domain.phones import COUNTRY, OLD_NUMBERS, ParsedPhone, parse_phone
from lms.core.display import phone_local
from lms.core.refusal import Refusal
from lms.core.text import fold
from lms.importing.reading.cells import (
    PLAUSIBLE_YEARS,
    as_phone,
    as_text,
    as_year,
    phone_problem,
    whole_year,
)
from lms.importing.reading.sheets import Cell

# What offices write where there is nothing to write.
_NOTHING = re.compile(
    r"[\s\-–—_./\\…?x]*"
    r"|(k|ko|kg|khong|chua|chua co|hien chua|hien khong)"
    r"( (co|ro|biet|nho|dung|cung cap|cap nhat|xac dinh|su dung))?"
    r"( (so|sdt|dt|dien thoai|so dien thoai|email|nam sinh|thong tin))?"
    r"|n/?a|none|null|nil|trong"
)
_FAILED_FORMULA = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)")
_LABEL = re.compile(r"(so )?(sdt|dtdd|dt|dien thoai|di dong|dd|tel|phone|mobile|hotline)( so)?")
_NEXT_TO_DIGIT = re.compile(r"(?<=\d)[oO](?=[\d\s.oO-])|(?<=\d)[oO]$|(?<![^\W\d_])[oO](?=[\d.]\d?)")
_MOBILES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_BETWEEN_DIGITS = re.compile(r"(?<=\d)\.(?=\d)")
_APART = re.compile(r"[^\d+\s.()]+")
_ELEVEN_DIGITS = re.compile(r"(?<!\d)0\d{10}(?!\d)")
_LETTERS = re.compile(r"[^\W\d_]+")
# Day and month that nobody knew: 00/00/1975, --/--/1985, ../5/1975.
_UNKNOWN_DAY = re.compile(
    r"(0{0,2}|[\s.\-_…?x]*|\d{1,2})[/.-](0{0,2}|[\s.\-_…?x]*)[/.-]+ ?(\d{4})"
    r"|(0{1,2}|[\s.\-_…?x]*)[/.-]\d{1,2}[/.-](\d{4})|(0{1,2}|[\s.\-_…?x]*)[/.-](\d{4})"
)
_TWO_DIGITS = re.compile(r"['’]?(\d{2})")
_PARTED_YEAR = re.compile(r"[12][ .,]\d{3}|(?:19|20)[ .,]\d{2}")
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")


@dataclass(frozen=True)
class Kept:
    """What is kept of a cell ("" for nothing), and what a person should know about the rest."""

    value: str
    remark: str = ""


def is_failed_formula(cell: Cell) -> bool:
    """Return whether a formula of the sheet has lost what stood in the cell: #N/A, #REF!."""
    return bool(_FAILED_FORMULA.fullmatch(as_text(cell)))


def says_nothing(cell: Cell) -> bool:
    """Return whether the cell only says that there is nothing: “không có”, “ko”, a dash."""
    text = fold(as_text(cell))
    return bool(_NOTHING.fullmatch(text))


def keep_phone(cell: Cell) -> Kept:
    """Return the number in E.164: the only one, the first mobile of several, else the first.

    What is no number of today is kept as it came.
    """
    parsed = as_phone(cell)
    if parsed is None:
        return Kept("")
    if parsed.e164 or parsed.problem in OLD_NUMBERS:
        return Kept(parsed.e164 or parsed.raw)
    numbers = _numbers_in(parsed.raw)
    if not numbers:
        return Kept(parsed.raw, _shortened(parsed))
    kept = next((one for one in numbers if _is_mobile(one)), numbers[0])
    value = kept.e164 or kept.raw
    shown = phone_local(kept.e164) if kept.e164 else kept.raw
    remark = _("“%(value)s”: %(kept)s is kept as the phone number.") % {
        "value": parsed.raw,
        "kept": shown,
    }
    return Kept(value, "" if _is_only_labelled(parsed.raw, numbers) else remark)


def keep_year(cell: Cell) -> Kept:
    """Return the year of a birth, also where day and month are unknown or more stands in the cell.

    Raises Refusal where no year, or more than one, can be read.
    """
    try:
        year = as_year(cell)
    except Refusal:
        text = as_text(cell)
        folded = _NEXT_TO_DIGIT.sub("0", fold(text))
        if unknown := _UNKNOWN_DAY.fullmatch(folded):
            year, told = int(next(part for part in reversed(unknown.groups()) if part)), False
        elif short := _TWO_DIGITS.fullmatch(folded):
            year, told = whole_year(short[1]), True
        else:
            # “1.986” and “19 86” are one year, “1986-1987” are two.
            whole = re.sub(r"\D", "", folded) if _PARTED_YEAR.fullmatch(folded) else folded
            years = {int(four) for four in _FOUR_DIGITS.findall(whole)}
            year, told = (years.pop() if len(years) == 1 else 0), True
        if year not in PLAUSIBLE_YEARS:
            raise
        remark = _("“%(value)s” is read as the year %(year)s.") % {"value": text, "year": year}
        return Kept(str(year), remark if told else "")
    return Kept(str(year or ""))


def _numbers_in(raw: str) -> list[ParsedPhone]:
    """Return the numbers in a text, in their order, each once; the letter O may stand for 0."""
    text = _NEXT_TO_DIGIT.sub("0", raw)
    spelled = parse_phone(text)
    if spelled.e164:
        return [spelled]
    apart = _APART.sub(lambda sign: f" {sign[0]} ", text)
    for form in (apart, _APART.sub(" , ", _BETWEEN_DIGITS.sub("", text))):
        found = [
            parse_phone(
                phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            )
            for match in PhoneNumberMatcher(form, COUNTRY)
        ]
        if found:
            return list({one.e164: one for one in found}.values())
    old = [parse_phone(digits) for digits in _ELEVEN_DIGITS.findall(_BETWEEN_DIGITS.sub("", text))]
    return [one for one in old if one.problem in OLD_NUMBERS]


def _is_mobile(parsed: ParsedPhone) -> bool:
    if parsed.e164 is None:
        return False
    return phonenumbers.number_type(phonenumbers.parse(parsed.e164)) in _MOBILES


def _is_only_labelled(raw: str, numbers: list[ParsedPhone]) -> bool:
    """Return whether beside the one number there is but “ĐT:” or the like."""
    if len(numbers) > 1 or sum(map(str.isdigit, raw)) > len(_digits(numbers[0])):
        return False
    words = " ".join(_LETTERS.findall(fold(raw)))
    return not words or bool(_LABEL.fullmatch(words))


def _digits(parsed: ParsedPhone) -> str:
    """Return the digits of the number with its country code: the longest way to write it."""
    return re.sub(r"\D", "", parsed.e164 or parsed.raw)


def _shortened(parsed: ParsedPhone) -> str:
    """Return the advice on a number that Excel has made unreadable; "" for any other."""
    problem = phone_problem(parsed)
    return str(problem) if problem is not None and problem.code == "rounded" else ""
