"""What allauth tells of second factors goes into the history of the person."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings

from lms.accounts.models import User
from lms.accounts.signin.domain.office_accounts import note_office_login
from lms.accounts.signin.domain.second_factor import FACTOR_ADDED, FACTOR_REMOVED, note_factor


def factor_added(*, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    note_factor(user=user, action=FACTOR_ADDED, kind=authenticator.type)


def factor_removed(*, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    note_factor(user=user, action=FACTOR_REMOVED, kind=authenticator.type)


def logged_in(*, user: User, sociallogin: Any = None, **kwargs: Any) -> None:
    """Come through every stage, the second factor too: only then is somebody in."""
    if sociallogin is not None:
        issuer = settings.SUITE_OIDC["issuer"]
        note_office_login(person=user, issuer=issuer, subject=sociallogin.account.uid)
