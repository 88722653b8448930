"""Log-in with an account that the office keeps, by OpenID Connect; off unless it is set."""

from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_THIS_MACHINE: Final = {"localhost", "127.0.0.1"}


def office_login(
    *, issuer: str, client_id: str, secret: str, name: str, claim: str
) -> dict[str, Any]:
    """Return what the log-in needs to know of the office's provider; nothing without an issuer."""
    if not issuer:
        return {}
    address = urlsplit(issuer)
    if address.scheme != "https" and address.hostname not in _THIS_MACHINE:
        raise ImproperlyConfigured("SUITE_OIDC_ISSUER begins with https://")
    if not client_id or not secret:
        raise ImproperlyConfigured("SUITE_OIDC_CLIENT_ID and SUITE_OIDC_CLIENT_SECRET are needed")
    return {
        "issuer": issuer,
        "client_id": client_id,
        "secret": secret,
        "name": name,
        "claim": claim,
    }
