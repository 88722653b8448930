"""Passwords given out by hand: most people have no e-mail to send one to."""

import secrets

from django.db import transaction
from wagtail.log_actions import log

from lms.accounts.models import User

PASSWORD_ISSUED = "accounts.password_issued"  # noqa: S105 (the name of a log action)

# Without letters that are mixed up when read aloud or copied from paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_PARTS = 3
_PART_LENGTH = 4


def issue_password(*, user: User, by: User) -> str:
    """Set a new random password and return it, to be shown once; the old one stops working.

    Every browser session of the person ends. Writes the log, without the password.
    """
    password = "-".join(
        "".join(secrets.choice(_LETTERS) for _number in range(_PART_LENGTH))
        for _part in range(_PARTS)
    )
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        log(instance=user, action=PASSWORD_ISSUED, user=by)
    return password
