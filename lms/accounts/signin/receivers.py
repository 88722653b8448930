"""What allauth tells of second factors goes into the history of the person."""

from typing import Any

from allauth.mfa.models import Authenticator

from lms.accounts.models import User
from lms.accounts.signin.domain.second_factor import FACTOR_ADDED, FACTOR_REMOVED, note_factor


def factor_added(*, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    note_factor(user=user, action=FACTOR_ADDED, kind=authenticator.type)


def factor_removed(*, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    note_factor(user=user, action=FACTOR_REMOVED, kind=authenticator.type)
