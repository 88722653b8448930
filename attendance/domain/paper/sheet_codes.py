"""The code on a sign-in sheet: it says of which session the paper is.

Its check catches what was misread or guessed wrong; it is no secret, since the code opens nothing
that one might not open without it.
"""

import hashlib
from typing import Final

from django.urls import reverse

from attendance.domain.paper.numbered_codes import code_of, number_in
from lms.core.addresses import absolute_url
from lms.core.requests import read_number

_PAGE: Final = "?trang="


def sheet_code(*, session_id: int) -> str:
    """Return the code of the sheets of a session: the same on each print."""
    return code_of(session_id, check=_check)


def read_sheet_code(text: str) -> int | None:
    """Return the id of the session of a code that somebody typed or scanned, None when it is none."""
    return number_in(text.partition("?")[0], check=_check)


def read_sheet_page(text: str) -> int | None:
    """Return which page of the sheet a scanned address names, None where it names none."""
    return read_number(text.rpartition(_PAGE)[2]) if _PAGE in text else None


def sheet_url(*, session_id: int, page: int) -> str:
    """Return the address behind the QR code of a page of the sheet."""
    address = reverse("attendance:sheet", args=[sheet_code(session_id=session_id)])
    return absolute_url(f"{address}{_PAGE}{page}")


def _check(session_id: int) -> bytes:
    return hashlib.sha256(f"attendance.sheet:{session_id}".encode()).digest()
