"""Who is logging in: found by phone number, staff code or e-mail."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from lms.accounts.domain.identifying import find_login
from lms.accounts.models import User


class IdentifierBackend(AuthenticationBackend):
    """`authenticate(request, username=…, password=…)`, where the name is any of the three.

    allauth's frame around it hashes the password once when nobody was found, so that the time
    does not tell whether the account exists.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        user = find_login(text=str(credentials.get("username") or ""))
        checked: User | None = self._check_password(user, str(credentials["password"]))
        return checked
