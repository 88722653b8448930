"""The ways to people, as the environment describes them; SMS are off unless a provider is set."""

import json
from datetime import time
from typing import Any, Final
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

__all__ = [
    "SUITE_MAIL_A_DAY",
    "SUITE_REPLY_TO",
    "SUITE_SENDING_HOURS",
    "SUITE_SMS_A_DAY",
    "SUITE_SMS_GATEWAY",
    "SUITE_SMS_HTTP",
    "SUITE_SMS_MARKS",
    "SUITE_SMS_PARTS",
    "SUITE_SMS_PRICE",
    "SUITE_SMS_RECEIPTS",
    "SUITE_WAYS",
    "SUITE_WAY_PATIENCE_HOURS",
    "SUITE_WEEKLY_DAYS_OFF",
]

env = environ.Env()

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

HTTP_GATEWAY: Final = "lms.messaging.channels.http_gateway.HttpGateway"
_THIS_MACHINE: Final = {"localhost", "127.0.0.1"}
_FORMATS: Final = ("json", "form")


def http_provider(
    *, url: str, headers: str, body: str, form: str, accepted: str, refused: str, reference: str
) -> dict[str, Any]:
    """Return how to ask the provider, and what its answers mean; nothing without an address.

    A condition is "field=value" or "field=value,value"; a field inside another is "data.id".
    """
    if not url:
        return {}
    address = urlsplit(url)
    if address.scheme != "https" and address.hostname not in _THIS_MACHINE:
        raise ImproperlyConfigured("SUITE_SMS_URL begins with https://")
    if form not in _FORMATS:
        raise ImproperlyConfigured("SUITE_SMS_FORMAT is json or form")
    filled = _json("SUITE_SMS_BODY", body)
    if "{text}" not in body or "{to" not in body:
        raise ImproperlyConfigured("SUITE_SMS_BODY names {text}, and {to}, {to_84} or {to_0}")
    return {
        "url": url,
        "headers": _json("SUITE_SMS_HEADERS", headers or "{}"),
        "body": filled,
        "format": form,
        "accepted": condition(accepted),
        "refused": condition(refused),
        "reference": reference,
    }


def sending_hours(told: str) -> tuple[time, time] | tuple[()]:
    """Return the hours of "07:00-21:00"; nothing for an empty text."""
    if not told:
        return ()
    try:
        starts, ends = (time.fromisoformat(one.strip()) for one in told.split("-"))
    except ValueError as error:
        raise ImproperlyConfigured("SUITE_SENDING_HOURS is like 07:00-21:00") from error
    if starts >= ends:
        raise ImproperlyConfigured("SUITE_SENDING_HOURS begin before they end, on one day")
    return starts, ends


def weekly_days_off(told: list[str]) -> frozenset[int]:
    """Return the numbers of these days of the week, Monday being 0."""
    names = [one.strip().lower() for one in told if one.strip()]
    unknown = [one for one in names if one not in WEEKDAYS]
    if unknown or set(names) == set(WEEKDAYS):
        raise ImproperlyConfigured(
            f"SUITE_WEEKLY_DAYS_OFF are some of {','.join(WEEKDAYS)}, not all of them"
        )
    return frozenset(map(WEEKDAYS.index, names))


def receipts(*, secret: str, reference: str, delivered: str, failed: str) -> dict[str, Any]:
    """Return how the provider's receipts are read; nothing without a secret."""
    if not secret:
        return {}
    if not reference or not delivered or not failed:
        raise ImproperlyConfigured(
            "SUITE_SMS_RECEIPT_REFERENCE, _DELIVERED and _FAILED are needed with a secret"
        )
    return {
        "secret": secret,
        "reference": reference,
        "delivered": condition(delivered),
        "failed": condition(failed),
    }


def condition(text: str) -> tuple[str, frozenset[str]] | None:
    """Return field and values of "field=value,value"."""
    if not text:
        return None
    field, sign, values = text.partition("=")
    if not sign or not field:
        raise ImproperlyConfigured(f"“{text}” is not field=value")
    return field.strip(), frozenset(value.strip() for value in values.split(","))


def _json(name: str, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ImproperlyConfigured(f"{name} is not a JSON object")
    return found


# A provider of SMS over HTTP, and what it reports afterwards (docs/operations/messages.md).
SUITE_SMS_HTTP = http_provider(
    url=env.str("SUITE_SMS_URL", default=""),
    headers=env.str("SUITE_SMS_HEADERS", default=""),
    body=env.str("SUITE_SMS_BODY", default=""),
    form=env.str("SUITE_SMS_FORMAT", default="") or "json",
    accepted=env.str("SUITE_SMS_ACCEPTED", default=""),
    refused=env.str("SUITE_SMS_REFUSED", default=""),
    reference=env.str("SUITE_SMS_REFERENCE", default=""),
)
SUITE_SMS_RECEIPTS = receipts(
    secret=env.str("SUITE_SMS_RECEIPT_SECRET", default=""),
    reference=env.str("SUITE_SMS_RECEIPT_REFERENCE", default=""),
    delivered=env.str("SUITE_SMS_RECEIPT_DELIVERED", default=""),
    failed=env.str("SUITE_SMS_RECEIPT_FAILED", default=""),
)
# Or the class that sends SMS (`lms/messaging/sms.py` says what it must do); empty: none is sent.
SUITE_SMS_GATEWAY = env.str("SUITE_SMS_GATEWAY", default="") or (
    HTTP_GATEWAY if SUITE_SMS_HTTP else ""
)
# With marks a short message has 70 signs, without them 160; a longer text is paid for in parts.
SUITE_SMS_MARKS = env.bool("SUITE_SMS_MARKS", default=False)
SUITE_SMS_PARTS = env.int("SUITE_SMS_PARTS", default=1)
# What one part costs, in dong; shown beside a text before it is sent. 0: not known.
SUITE_SMS_PRICE = env.int("SUITE_SMS_PRICE", default=0)
# By which way a reminder goes first, and by which one then; whom none reaches is to be called.
SUITE_WAYS = [one.strip() for one in env.list("SUITE_WAYS", default=["email", "sms"])]
# After so many hours what waits for a way that stands still takes the next one; 0: it waits on.
SUITE_WAY_PATIENCE_HOURS = env.int("SUITE_WAY_PATIENCE_HOURS", default=4)
# Between which hours reminders leave, by local time, and not on days off; empty: at any time.
SUITE_SENDING_HOURS = sending_hours(env.str("SUITE_SENDING_HOURS", default="07:00-21:00"))
# Days of every week on which none leaves either, like sat,sun; empty: sessions are held on all of them.
SUITE_WEEKLY_DAYS_OFF = weekly_days_off(env.list("SUITE_WEEKLY_DAYS_OFF", default=[]))
# How many messages a day may go by each way; 0: as many as there are.
SUITE_SMS_A_DAY = env.int("SUITE_SMS_A_DAY", default=0)
SUITE_MAIL_A_DAY = env.int("SUITE_MAIL_A_DAY", default=0)
# Where answers to mails go; empty: to the sender.
SUITE_REPLY_TO = env.str("SUITE_REPLY_TO", default="")
