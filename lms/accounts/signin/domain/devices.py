"""Browsers in which a person has logged in before: signed, kept by the browser alone.

Wrong attempts elsewhere are not counted against such a browser, so that nobody can lock a person
out of the own phone. The cookie opens nothing by itself; the password is asked as ever.
"""

import secrets
from dataclasses import dataclass
from typing import Final

from django.core import signing

from lms.accounts.models import User

COOKIE: Final = "suite_device"
MAX_AGE_SECONDS: Final = 180 * 24 * 3600
# A shared computer of a commune office; the oldest is forgotten first.
MOST_PEOPLE: Final = 20
_SALT: Final = "accounts.device"


@dataclass(frozen=True)
class Device:
    key: str
    people: tuple[int, ...]


def known_device(*, cookie: str, user: User | None) -> str:
    """Return the key of this browser when the person has logged in there before, else nothing."""
    device = _read(cookie)
    return device.key if device and user and user.pk in device.people else ""


def remember_device(*, cookie: str, user: User) -> str:
    """Return the cookie's new value after a log-in."""
    device = _read(cookie) or Device(key=secrets.token_hex(16), people=())
    others = [pk for pk in device.people if pk != user.pk]
    people = [user.pk, *others][:MOST_PEOPLE]
    return signing.dumps([device.key, people], salt=_SALT)


def _read(cookie: str) -> Device | None:
    try:
        key, people = signing.loads(cookie, salt=_SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        return None
    return Device(key=key, people=tuple(people))
