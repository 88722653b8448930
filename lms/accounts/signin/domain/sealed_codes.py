"""A log-in code on its way through the broker, where others may look in."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal_code(code: str) -> str:
    """Return the code so that only this installation can read it."""
    return _cipher().encrypt(code.encode()).decode()


def open_code(sealed: str, *, seconds: int) -> str | None:
    """Return the code; None when it was sealed longer ago, elsewhere, or with another key."""
    try:
        return _cipher().decrypt(sealed.encode(), ttl=seconds).decode()
    except InvalidToken:
        return None


def _cipher() -> Fernet:
    key = hashlib.sha256(b"accounts.login_code" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
