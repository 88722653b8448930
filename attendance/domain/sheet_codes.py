"""The code on a sign-in sheet: it says of which session the paper is.

Six signs are the session, six check them. The check catches what was misread or guessed wrong; it
is no secret, since the code opens nothing that one might not open without it.
"""

import hashlib
from typing import Final

from django.conf import settings
from django.urls import reverse

from lms.core.codes import ALPHABET, LENGTH, normalise_code

_HALF: Final = LENGTH // 2


def sheet_code(*, session_id: int) -> str:
    """Return the code of the sheets of a session: the same on each print."""
    digest = hashlib.sha256(f"attendance.sheet:{session_id}".encode()).digest()
    return _signs(session_id) + _signs(int.from_bytes(digest))


def read_sheet_code(text: str) -> int | None:
    """Return the id of the session of a code that somebody typed or scanned, None when it is none."""
    code = normalise_code(text)
    if code is None or not set(code) <= set(ALPHABET):
        return None
    session_id = 0
    for sign in code[:_HALF]:
        session_id = session_id * len(ALPHABET) + ALPHABET.index(sign)
    return session_id if sheet_code(session_id=session_id) == code else None


def sheet_url(*, session_id: int) -> str:
    """Return the address behind the QR code of the sheet."""
    path = reverse("attendance:sheet", args=[sheet_code(session_id=session_id)])
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"


def _signs(number: int) -> str:
    """Return the last six figures of the number, as signs of the alphabet of codes."""
    signs = ""
    for _place in range(_HALF):
        number, figure = divmod(number, len(ALPHABET))
        signs = ALPHABET[figure] + signs
    return signs
