"""Numbers, days and phones as Vietnamese readers write them."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

import phonenumbers
from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.html import format_html

NOTHING = "–"
#: Vietnamese writes a comma where English has a point, and the other way round.
_POINTS = str.maketrans(",.", ".,")
LAST_MONTH_WITH_NOUGHT = 2
_PATTERNS = {"weekday": "l, d/m/Y", "time": "H:i d/m/Y", "hour": "H:i", "short": "d/m"}


def speaks_content() -> bool:
    """Return whether the interface speaks the language in which lessons, names and places are written."""
    return translation.get_language() == settings.LANGUAGE_CODE


def content(text: str) -> str:
    """Return words of a lesson, a name or a place, marked with their language where the interface
    speaks another one: a screen reader then reads them as they are spoken.

    For text alone, never for an attribute: there the element is marked (`content_lang`).
    """
    if not text or speaks_content():
        return text
    return format_html('<span lang="{}">{}</span>', settings.LANGUAGE_CODE, text)


def vi_number(value: object, places: int = 1) -> str:
    """Format 1234.5 as "1.234,5": at most `places` decimals, no trailing noughts; nothing is a
    dash.

    The English interface gets "1,234.5". What is not a number comes back as it is.
    """
    if value is None or value == "":
        return NOTHING
    # Most are whole, and a report holds a thousand of them.
    text = f"{value:,d}" if type(value) is int else _with_places(value, places)
    if text is None:
        return str(value)
    if text == "-0":
        text = "0"
    # Most have no point in any language.
    if ("," not in text and "." not in text) or translation.get_language() == "en":
        return text
    return text.translate(_POINTS)


def _with_places(value: object, places: int) -> str | None:
    """Return "1,234.5"; None for what is no number."""
    try:
        number = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except InvalidOperation:
        return None
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: object, whole: object = 100) -> str:
    """Format `value` of `whole` in whole per cent; a whole of nothing is a dash.

    Never "100%" while something is missing, never "0%" when something is there.
    """
    try:
        part, total = Decimal(str(value)), Decimal(str(whole))
    except InvalidOperation:
        return NOTHING
    if not (part.is_finite() and total > 0):
        return NOTHING
    share = int((part * 100 / total).quantize(Decimal(1), ROUND_HALF_UP))
    if part < total:
        share = min(share, 99)
    if part > 0:
        share = max(share, 1)
    return f"{share}%"


def vi_date(value: date | datetime | None, form: str = "") -> str:
    """Return a day as 05/06/2026, or in another `form`.

    "weekday" puts the day's name before, "time" the hour; "hour" is the hour alone, "short" the day
    without its year. "official" writes it as the head of a paper does: ngày 05 tháng 6 năm 2026.
    Moments are shown in the local time zone; nothing is a dash.
    """
    if not value:
        return NOTHING
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if form == "official":
        return _official(value)
    pattern = _PATTERNS.get(form, "d/m/Y")
    if not isinstance(value, datetime):
        pattern = pattern.replace("H:i ", "")
    return formats.date_format(value, pattern)


def _official(value: date) -> str:
    """Format it with a nought before days 1 to 9 and months 1 and 2 only (Decree 30/2020)."""
    if translation.get_language() == "en":
        return formats.date_format(value, "j F Y")
    month = f"{value.month:02d}" if value.month <= LAST_MONTH_WITH_NOUGHT else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


def phone_local(value: object) -> str:
    """Format a stored number (+84912345678) as people read it aloud: 0912 345 678."""
    return _phone_local(str(value or ""))


@lru_cache(maxsize=8192)
def _phone_local(text: str) -> str:
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException:
        return text
    wanted = phonenumbers.PhoneNumberFormat.NATIONAL
    if number.country_code != phonenumbers.country_code_for_region("VN"):
        wanted = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, wanted)
