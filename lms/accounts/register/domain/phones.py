"""Phone numbers: one stored form (E.164), and the reason when a number has none today."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from lms.core.text import nfc

COUNTRY = "VN"
_COUNTRY_CODE = 84
# Digits after the 0 of a mobile number; fixed lines have more and are in use or not.
_MOBILE_LENGTH = 9
# What people write between the digits.
_WRITTEN = re.compile(r"[+\d\s().\-/]+")
# Mobiles of 11 digits, given up in 2018, as the digits after the 0.
_OLD_MOBILE = re.compile(r"(12\d|16[2-9]|186|188|199)\d{7}")
# The area code of Hà Nam until 2017, before 7 digits; with 6 it reads as a mobile of today.
_OLD_AREA = re.compile(r"351\d{7}")


class PhoneProblem(models.TextChoices):
    """Why a text gives no phone number; the label is a sentence for the person who typed it."""

    EMPTY = "empty", _("Please enter a phone number.")
    NO_NUMBER = "no_number", _("This is not a phone number: please use digits only.")
    TOO_SHORT = "too_short", _("This phone number has too few digits.")
    TOO_LONG = "too_long", _("This phone number has too many digits.")
    OLD_MOBILE = (
        "old_mobile",
        _("11-digit mobile numbers were abolished in 2018. Please enter the 10-digit number."),
    )
    OLD_AREA_CODE = (
        "old_area_code",
        _(
            "The area code 0351 was abolished in 2017. Please enter the number with its current "
            "area code."
        ),
    )
    NOT_IN_USE = "not_in_use", _("No phone number begins with these digits. Please check them.")


# Numbers that were right once: kept as they came, since their owner may know the new one.
OLD_NUMBERS = (PhoneProblem.OLD_MOBILE, PhoneProblem.OLD_AREA_CODE)


@dataclass(frozen=True)
class ParsedPhone:
    """`e164` or `problem`, never both; `raw` is what was typed, so that nothing is lost."""

    raw: str
    e164: str | None = None
    problem: PhoneProblem | None = None


# A list asks for each number again: read, put into words, compared.
@lru_cache(maxsize=8192)
def parse_phone(raw: str) -> ParsedPhone:
    """Read a number as people in Viet Nam write it: 0912 345 678, +84 912…, 84912…, with dots.

    Numbers of other countries count when they begin with + or 00. Never raises.
    """
    text = nfc(raw)
    if not text:
        return ParsedPhone(raw, problem=PhoneProblem.EMPTY)
    if not looks_like_phone(text):
        return ParsedPhone(raw, problem=PhoneProblem.NO_NUMBER)
    try:
        number = phonenumbers.parse(text, COUNTRY)
    except NumberParseException as error:
        too_long = error.error_type == NumberParseException.TOO_LONG
        return ParsedPhone(
            raw, problem=PhoneProblem.TOO_LONG if too_long else PhoneProblem.TOO_SHORT
        )
    if phonenumbers.is_valid_number(number):
        return ParsedPhone(raw, e164=phonenumbers.format_number(number, PhoneNumberFormat.E164))
    return ParsedPhone(raw, problem=_problem(number))


def looks_like_phone(text: str) -> bool:
    """Return whether the text holds nothing but what phone numbers are written with."""
    return bool(_WRITTEN.fullmatch(text)) and any(char.isdigit() for char in text)


def _problem(number: phonenumbers.PhoneNumber) -> PhoneProblem:
    digits = str(number.national_number)
    if number.country_code == _COUNTRY_CODE:
        if _OLD_MOBILE.fullmatch(digits):
            return PhoneProblem.OLD_MOBILE
        if _OLD_AREA.fullmatch(digits):
            return PhoneProblem.OLD_AREA_CODE
        # The library still thinks lengths possible that ended with the numbering plans of old.
        if len(digits) != _MOBILE_LENGTH:
            short = len(digits) < _MOBILE_LENGTH
            return PhoneProblem.TOO_SHORT if short else PhoneProblem.TOO_LONG
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == ValidationResult.TOO_SHORT:
        return PhoneProblem.TOO_SHORT
    if reason == ValidationResult.TOO_LONG:
        return PhoneProblem.TOO_LONG
    return PhoneProblem.NOT_IN_USE
