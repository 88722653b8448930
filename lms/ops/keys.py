"""The key that backups are encrypted with: an age identity, from the environment or a file."""

from pathlib import Path
from typing import Final

import pyrage
from django.conf import settings

from lms.core.refusal import Refusal

_HOW: Final = "“manage.py backup --new-key” makes one."


def new_key() -> str:
    """Return a key that nobody has used; whoever has it can read every backup made with it."""
    return str(pyrage.x25519.Identity.generate())


def backup_key() -> pyrage.x25519.Identity:
    """Return the key of this installation; refuse when there is none, or it is none."""
    text = _configured().strip()
    if not text:
        raise Refusal(
            "no_key",
            f"No key for backups is set: SUITE_BACKUP_KEY or SUITE_BACKUP_KEY_FILE. {_HOW}",
        )
    try:
        return pyrage.x25519.Identity.from_str(text)
    except pyrage.IdentityError as error:
        raise Refusal(
            "no_such_key",
            f"The key for backups is cut, mistyped or too short: it is one line of 74 characters "
            f"that begins with AGE-SECRET-KEY-1. {_HOW}",
        ) from error


def _configured() -> str:
    if settings.SUITE_BACKUP_KEY:
        return str(settings.SUITE_BACKUP_KEY)
    if not settings.SUITE_BACKUP_KEY_FILE:
        return ""
    path = Path(settings.SUITE_BACKUP_KEY_FILE)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("no_key", f"The key file {path} cannot be read: {error}.") from error
    # As age-keygen writes it: comments stand above the key.
    return next((line for line in lines if line.strip() and not line.startswith("#")), "")
