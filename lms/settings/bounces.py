"""The mailbox to which mails come back that could not be delivered; none is read unless it is set."""

from typing import Any, Final
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

__all__ = ["SUITE_BOUNCES"]

env = environ.Env()

_THIS_MACHINE: Final = {"localhost", "127.0.0.1"}
_PORTS: Final = {"imaps": 993, "imap": 143}


def mailbox(told: str) -> dict[str, Any]:
    """Return host, port, log-in and folder of imaps://person:password@host/folder; nothing for no text."""
    if not told:
        return {}
    address = urlsplit(told)
    if address.scheme not in _PORTS or not address.hostname or not address.username:
        raise ImproperlyConfigured("SUITE_BOUNCES is imaps://person:password@host/folder")
    if address.scheme != "imaps" and address.hostname not in _THIS_MACHINE:
        raise ImproperlyConfigured("SUITE_BOUNCES begins with imaps://")
    return {
        "host": address.hostname,
        "port": address.port or _PORTS[address.scheme],
        "sealed": address.scheme == "imaps",
        "user": unquote(address.username),
        "password": unquote(address.password or ""),
        "folder": unquote(address.path.strip("/")) or "INBOX",
    }


# Where mails from DEFAULT_FROM_EMAIL come back to (docs/operations/messages.md).
SUITE_BOUNCES = mailbox(env.str("SUITE_BOUNCES", default=""))
