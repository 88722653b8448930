"""Accounts closed and opened again: written into the log of the person."""

from wagtail.log_actions import log

from lms.accounts.models import User

ACCOUNT_CLOSED = "accounts.account_closed"
ACCOUNT_OPENED = "accounts.account_opened"


def record_account_state(*, user: User, by: User | None) -> None:
    """Say in the log that the account is now what `is_active` says; `by` None: the system."""
    log(instance=user, action=ACCOUNT_OPENED if user.is_active else ACCOUNT_CLOSED, user=by)
