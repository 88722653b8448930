"""Who is meant by what was typed into the one box of the log-in page."""

import re
from typing import TYPE_CHECKING

from lms.accounts.models import User
from lms.accounts.register.domain.phones import looks_like_phone, parse_phone
from lms.core.text import nfc

if TYPE_CHECKING:
    from lms.accounts.models.managers import UserQuerySet

# Longer than any e-mail address.
LOGIN_MAX_LENGTH = 254


def find_login(*, text: str) -> User | None:
    """Return the person with this phone number, staff code (any case) or e-mail address.

    One query. None when nobody is meant, when more than one person could be, and for the minimal
    record of a parent or a core child, with which nobody logs in. Whether the
    person may log in is for the caller to ask. What was said of a merged record means the one kept.
    """
    found = list(_candidates(nfc(text)).select_related("merged_into")[:2])
    if len(found) != 1:
        return None
    meant = found[0].merged_into or found[0]
    return None if meant.is_minimal else meant


def find_staff_code(*, code: str) -> User | None:
    """Return the person with this staff code, in any case; None for a minimal record.

    What was said of a merged record means the one kept.
    """
    rows = User.objects.filter(staff_code=normal_staff_code(code)).select_related("merged_into")
    found = rows.first()
    meant = found and (found.merged_into or found)
    return None if meant is None or meant.is_minimal else meant


def search_people(*, people: "UserQuerySet", text: str) -> "UserQuerySet":
    """Return those of them whose name, staff code or phone holds what was typed,
    marks or none.

    A phone number may be written with spaces, and with the 0 that its stored form does not have.
    """
    if looks_like_phone(nfc(text)):
        digits = "".join(filter(str.isdigit, text)).removeprefix("0")
        return people.filter(search_text__holds=digits)
    return people.search(text)


def normal_staff_code(text: str) -> str:
    """Return a staff code as it is stored: capitals without spaces."""
    return re.sub(r"\s+", "", nfc(text)).upper()


def _candidates(text: str) -> "UserQuerySet":
    if "@" in text:
        return User.objects.filter(email__iexact=text)
    if looks_like_phone(text):
        phone = parse_phone(text).e164
        return User.objects.filter(phone=phone) if phone else User.objects.none()
    return User.objects.filter(staff_code=normal_staff_code(text))
