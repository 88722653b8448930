"""Who is logging in: found by phone number, staff code or e-mail."""

from allauth.account.auth_backends import AuthenticationBackend


class IdentifierBackend(AuthenticationBackend):
    pass
