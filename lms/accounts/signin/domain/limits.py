"""Which counters an attempt at the door weighs on (docs/decisions, lockout).

Each limit slows the attacker and nobody else: whoever comes from a browser that the person has
used before has a counter of the own, which nobody elsewhere can fill.
"""

from typing import Final

from lms.accounts.models import User
from lms.accounts.register.domain.login_lookup import find_login
from lms.core.text import fold

# The names of the limits in ACCOUNT_RATE_LIMITS, `{kind}` being one of the two below.
HERE: Final = "{kind}"
ANYWHERE: Final = "{kind}_anywhere"
ADDRESS: Final = "{kind}_address"
WRONG_PASSWORD: Final = "login_failed"  # noqa: S105 (the name of a limit)
CODE_ASKED_FOR: Final = "login_code"


def counters(*, kind: str, account: str, address: str, device: str) -> dict[str, str]:
    """Return the key to count under, by the name of the limit."""
    if device:
        return {HERE.format(kind=kind): f"device {device} {account}"}
    return {
        HERE.format(kind=kind): f"address {address} {account}",
        ANYWHERE.format(kind=kind): account,
        ADDRESS.format(kind=kind): f"address {address}",
    }


def account_key(*, text: str) -> tuple[str, User | None]:
    """Return one key for an account, whichever of its names is typed, and whose account it is."""
    user = find_login(text=text)
    return (f"account {user.pk}" if user else f"text {fold(text)}"), user
