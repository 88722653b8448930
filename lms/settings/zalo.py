"""Messages by Zalo (ZNS), as the environment describes them; off unless a template is named."""

import json
from typing import Any, Final
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

__all__ = ["SUITE_ZALO", "SUITE_ZALO_A_DAY", "SUITE_ZALO_PRICE"]

env = environ.Env()

_THIS_MACHINE: Final = {"localhost", "127.0.0.1"}
# A number without Zalo or with an old one, and people who take no such messages (zalo.cloud).
REFUSED: Final = ["-108", "-110", "-114", "-118", "-119"]


def zalo(
    *,
    template: str,
    data: str,
    url: str,
    token_url: str,
    refused: list[str],
    english: str = "",
    **secrets: str,
) -> dict[str, Any]:
    """Return how ZNS is asked, and what its answers mean; nothing without a template."""
    if not template:
        return {}
    for name, address in (("SUITE_ZALO_URL", url), ("SUITE_ZALO_TOKEN_URL", token_url)):
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in _THIS_MACHINE:
            raise ImproperlyConfigured(f"{name} begins with https://")
    missing = [f"SUITE_ZALO_{name.upper()}" for name, value in secrets.items() if not value]
    if missing:
        raise ImproperlyConfigured(f"{', '.join(missing)}: needed with SUITE_ZALO_TEMPLATE")
    try:
        values = json.loads(data)
    except ValueError as error:
        raise ImproperlyConfigured(f"SUITE_ZALO_DATA is not JSON: {error}") from error
    if not isinstance(values, dict) or not values:
        raise ImproperlyConfigured("SUITE_ZALO_DATA is a JSON object with the template's values")
    return {
        "template": template,
        # Zalo approves each language as a template of its own.
        "templates": {"en": english},
        "data": values,
        "url": url,
        "token_url": token_url,
        "refused": frozenset(one.strip() for one in refused),
        **secrets,
    }


SUITE_ZALO = zalo(
    template=env.str("SUITE_ZALO_TEMPLATE", default=""),
    english=env.str("SUITE_ZALO_TEMPLATE_EN", default=""),
    data=env.str("SUITE_ZALO_DATA", default=""),
    url=env.str("SUITE_ZALO_URL", default="")
    or "https://business.openapi.zalo.me/message/template",
    token_url=env.str("SUITE_ZALO_TOKEN_URL", default="")
    or "https://oauth.zaloapp.com/v4/oa/access_token",
    refused=env.list("SUITE_ZALO_REFUSED", default=[]) or REFUSED,
    app_id=env.str("SUITE_ZALO_APP_ID", default=""),
    app_secret=env.str("SUITE_ZALO_APP_SECRET", default=""),
    # The first one; each renewal brings the next, which is kept in the database.
    refresh_token=env.str("SUITE_ZALO_REFRESH_TOKEN", default=""),
    webhook_secret=env.str("SUITE_ZALO_WEBHOOK_SECRET", default=""),
)
# What one message costs, in dong, and how many a day may go; 0: not known, as many as there are.
SUITE_ZALO_PRICE = env.int("SUITE_ZALO_PRICE", default=0)
SUITE_ZALO_A_DAY = env.int("SUITE_ZALO_A_DAY", default=0)
