"""The code on a sign-in sheet: it says of which session the paper is.

Its check catches what was misread or guessed wrong; it is no secret, since the code opens nothing
that one might not open without it.
"""

import hashlib

from django.urls import reverse

from attendance.domain.paper.numbered_codes import code_of, number_in
from lms.core.addresses import absolute_url


def sheet_code(*, session_id: int) -> str:
    """Return the code of the sheets of a session: the same on each print."""
    return code_of(session_id, check=_check)


def read_sheet_code(text: str) -> int | None:
    """Return the id of the session of a code that somebody typed or scanned, None when it is none."""
    return number_in(text, check=_check)


def sheet_url(*, session_id: int) -> str:
    """Return the address behind the QR code of the sheet."""
    return absolute_url(reverse("attendance:sheet", args=[sheet_code(session_id=session_id)]))


def _check(session_id: int) -> bytes:
    return hashlib.sha256(f"attendance.sheet:{session_id}".encode()).digest()
