"""How a detail of a person is read from text: one rule for the form, and for what people ask."""

from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.enums import Sex
from lms.accounts.register.domain.phones import parse_phone
from lms.core.refusal import Refusal
from lms.core.requests import read_number
from lms.core.text import fold, nfc, with_plain_apostrophes

EARLIEST_YEAR_OF_BIRTH: Final = 1900
LONGEST_NAME: Final = 150


def read_full_name(*, text: str) -> str:
    name = with_plain_apostrophes(nfc(text))
    if not name or len(name) > LONGEST_NAME:
        raise Refusal("full_name", _("Please enter a name of at most 150 letters."))
    return name


def read_phone(*, text: str) -> str:
    """Return E.164; refuse with the reason when it is no number of today."""
    parsed = parse_phone(nfc(text))
    if parsed.problem:
        raise Refusal(parsed.problem.value, str(parsed.problem.label))
    return str(parsed.e164)


def read_year_of_birth(*, text: str) -> int:
    year = read_number(nfc(text))
    latest = timezone.localdate().year
    if year is None or not EARLIEST_YEAR_OF_BIRTH <= year <= latest:
        span = {"earliest": str(EARLIEST_YEAR_OF_BIRTH), "latest": str(latest)}
        raise Refusal(
            "year_of_birth",
            _("The year of birth must be between %(earliest)s and %(latest)s.") % span,
        )
    return year


def read_email(*, text: str) -> str:
    address = nfc(text).lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refusal("email", _("This is not an e-mail address.")) from error
    return address


def read_sex(*, text: str) -> str:
    """Read one of the two words, in the reader's language or as it is stored."""
    for sex in Sex:
        if fold(text) in (sex.value, fold(str(sex.label))):
            return sex.value
    words = ", ".join(str(label) for label in Sex.labels)
    raise Refusal("sex", _("Please enter one of these: %(words)s.") % {"words": words})
