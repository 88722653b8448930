"""Numbers as people write them here: a comma before the decimals, dots or blanks between thousands."""

import re
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from lms.core.refusal import Refusal

_MINUS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
_PLAIN = re.compile(r"-?\d{1,15}(?:[.,]\d{1,10})?")
# 1.500 and 1,500: a thousand and a half to one reader, one and a half to another.
_EITHER = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
_AMBIGUOUS: Final = 3
_GROUPED: Final = (
    # Thousands with dots, decimals with a comma: 1.500.000 and 1.500,5.
    (re.compile(r"-?[1-9]\d{0,2}(?:\.\d{3}){1,4}(?:,\d{1,10})?"), ".", ","),
    # Blanks between thousands: 1 500,5.
    (re.compile(r"-?[1-9]\d{0,2}(?: \d{3}){1,4}(?:[.,]\d{1,10})?"), " ", ","),
    # As written in English: 1,500.5.
    (re.compile(r"-?[1-9]\d{0,2}(?:,\d{3}){1,4}(?:\.\d{1,10})?"), ",", "."),
)


def read_number(text: str) -> Decimal:
    """Return the number that a text means: “1,5” and “1.5” are the same.

    Raises Refusal `number_unreadable`, or `number_ambiguous` where dot or comma could stand between
    thousands as well as before decimals.
    """
    written = " ".join(text.translate(_MINUS).split()).replace("- ", "-").removeprefix("+")
    if _EITHER.fullmatch(written):
        raise Refusal(
            "number_ambiguous",
            _(
                "“%(text)s” can be read in two ways: please write %(thousands)s, or %(decimals)s if "
                "that is meant."
            )
            % {
                "text": written,
                "thousands": re.sub("[.,]", "", written),
                "decimals": write_number(Decimal(written.replace(",", "."))),
            },
        )
    for pattern, between, point in _GROUPED:
        if pattern.fullmatch(written):
            return Decimal(written.replace(between, "").replace(point, "."))
    if _PLAIN.fullmatch(written):
        return Decimal(written.replace(",", "."))
    raise Refusal(
        "number_unreadable",
        _("Write the number alone, in figures and without a unit."),
    )


def write_number(number: Decimal) -> str:
    """Return a number as it is written here, so that `read_number` reads it as the same."""
    whole, _point, decimals = f"{number:f}".partition(".")
    short = decimals.rstrip("0")
    # Three decimals could be thousands.
    short += "0" if len(short) == _AMBIGUOUS else ""
    return f"{whole},{short}" if short else whole
