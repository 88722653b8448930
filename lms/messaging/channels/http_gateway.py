"""SMS over HTTP: any provider that takes one request a message, as the settings describe it."""

import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from lms.messaging.fields import filled, matches, phone_forms, read_field
from lms.messaging.http import NotReachedError, Said, ask
from lms.messaging.sms import SmsNotAcceptedError, SmsNotReachedError


class HttpGateway:
    """`SUITE_SMS_HTTP` says where to, what to send, and what an answer means (`lms/settings/sms.py`)."""

    def send(self, *, to: str, text: str, key: str, timeout: float) -> str:
        provider: dict[str, Any] = settings.SUITE_SMS_HTTP
        words = {**phone_forms(to), "{text}": text, "{key}": key}
        return _reference(provider, _ask(provider, filled(provider["body"], words), timeout))


def _ask(provider: dict[str, Any], fields: Any, timeout: float) -> Said:
    is_form = provider["format"] == "form"
    kind = "application/x-www-form-urlencoded" if is_form else "application/json"
    try:
        return ask(
            url=provider["url"],
            content=(urlencode(fields) if is_form else json.dumps(fields)).encode(),
            headers={"Content-Type": kind, "Accept": "application/json", **provider["headers"]},
            timeout=timeout,
        )
    except NotReachedError as error:
        raise SmsNotReachedError(str(error)) from error


def _reference(provider: dict[str, Any], said: Said) -> str:
    """Return the number at the provider, or raise what its answer means."""
    if said.leaves_open:
        raise ConnectionError(said.told)
    if said.is_wrong_message:
        raise SmsNotAcceptedError(said.told, for_good=True)
    if not said.is_yes:
        raise SmsNotAcceptedError(said.told, gateway_at_fault=True)
    try:
        answer = json.loads(said.body) if said.body else {}
    except (ValueError, RecursionError) as error:
        raise ConnectionError(said.told) from error
    if matches(answer, provider["refused"]):
        raise SmsNotAcceptedError(said.told, for_good=True)
    if provider["accepted"] and not matches(answer, provider["accepted"]):
        # No money left, a key that is wrong: the next message would fare the same.
        raise SmsNotAcceptedError(said.told, gateway_at_fault=True)
    return read_field(answer, provider["reference"])
