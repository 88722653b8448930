"""A log-in code on its way through the broker, where others may look in."""

from typing import Final

from lms.core.sealing import seal, unseal

_PURPOSE: Final = "accounts.login_code"


def seal_code(code: str) -> str:
    """Return the code so that only this installation can read it."""
    return seal(code, purpose=_PURPOSE)


def open_code(sealed: str, *, seconds: int) -> str | None:
    """Return the code; None when it was sealed longer ago, elsewhere, or with another key."""
    return unseal(sealed, purpose=_PURPOSE, seconds=seconds)
