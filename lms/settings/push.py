"""Messages on a device, by the push service of its browser; off unless there is a key."""

from typing import Final
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

__all__ = ["SUITE_PUSH_CONTACT", "SUITE_PUSH_KEY", "SUITE_PUSH_SERVICES"]

env = environ.Env()

_THIS_MACHINE: Final = {"localhost", "127.0.0.1"}
# Those of Chrome, Firefox, Safari and Edge. A browser names its own address: only these are asked.
SERVICES: Final = [
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
]


def push_services(told: list[str]) -> list[str]:
    """Return the hosts, "*.host" for those below one; an address of this machine for a trial."""
    services = [one.strip() for one in told if one.strip()] or SERVICES
    for one in services:
        if "/" in one and urlsplit(one).hostname not in _THIS_MACHINE:
            raise ImproperlyConfigured("SUITE_PUSH_SERVICES names hosts, without https://")
    return services


# The private key of this installation (`manage.py make_push_key`); another one ends every consent.
SUITE_PUSH_KEY = env.str("SUITE_PUSH_KEY", default="")
# Where a push service complains: mailto:… or https://…
SUITE_PUSH_CONTACT = env.str("SUITE_PUSH_CONTACT", default="")
SUITE_PUSH_SERVICES = push_services(env.list("SUITE_PUSH_SERVICES", default=[]))
if SUITE_PUSH_KEY and not SUITE_PUSH_CONTACT.startswith(("mailto:", "https://")):
    raise ImproperlyConfigured("SUITE_PUSH_CONTACT is mailto:… or https://… with SUITE_PUSH_KEY")
