"""What a browser sends, read strictly: numbers of rows, and the sign of what a page has shown."""

import hashlib

# As many as the largest number of the database has, and one less, so that all of them fit.
_MOST_DIGITS = 18


def read_number(text: str) -> int | None:
    """Return the number that these digits write, None where they write none.

    Also None for one that no row can have: a driver, and Python itself, would fail at it.
    """
    is_plain = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_plain else None


def sign_of_preview(*shown: object) -> str:
    """Return a short sign of what a page shows before it is saved.

    The page sends it back: what has become another meanwhile is shown again, not saved.
    """
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]
