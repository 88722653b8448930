"""SMS over HTTP: any provider that takes one request a message, as the settings describe it."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from lms.messaging.fields import matches, read_field
from lms.messaging.sms import SmsNotAcceptedError, SmsNotReachedError

_LONGEST_ANSWER: Final = 64 * 1024
_TOLD: Final = 200
# The message itself is wrong; every other "no" of HTTP is about us or about the provider.
_WRONG_MESSAGE: Final = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}
# The provider had the message, and does not say what became of it.
_OPEN: Final = {
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.GATEWAY_TIMEOUT,
}


class HttpGateway:
    """`SUITE_SMS_HTTP` says where to, what to send, and what an answer means (`lms/settings/sms.py`)."""

    def send(self, *, to: str, text: str, key: str, timeout: float) -> str:
        provider: dict[str, Any] = settings.SUITE_SMS_HTTP
        words = {
            "{to}": to,
            "{to_84}": to.removeprefix("+"),
            "{to_0}": f"0{to.removeprefix('+84')}",
            "{text}": text,
            "{key}": key,
        }
        status, body = _ask(provider, _filled(provider["body"], words), timeout)
        return _reference(provider, status, body)


def _filled(part: Any, words: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _filled(value, words) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, words) for value in part]
    # Whole values alone: a text that holds the name of a place is not filled in once more.
    return words.get(part, part) if isinstance(part, str) else part


def _ask(provider: dict[str, Any], fields: Any, timeout: float) -> tuple[int, bytes]:
    address = urlsplit(provider["url"])
    is_form = provider["format"] == "form"
    content = urlencode(fields) if is_form else json.dumps(fields)
    kind = "application/x-www-form-urlencoded" if is_form else "application/json"
    opener = HTTPSConnection if address.scheme == "https" else HTTPConnection
    with closing(opener(address.hostname or "", address.port, timeout=timeout)) as line:
        try:
            line.connect()
        except OSError as error:
            raise SmsNotReachedError(type(error).__name__) from error
        path = f"{address.path or '/'}?{address.query}" if address.query else address.path or "/"
        headers = {"Content-Type": kind, "Accept": "application/json", **provider["headers"]}
        with _at_most(timeout, line):
            try:
                line.request("POST", path, content.encode(), headers)
                return _read(line.getresponse())
            except HTTPException as error:
                # Cut off in the middle of an answer.
                raise ConnectionError(type(error).__name__) from error


def _read(response: HTTPResponse) -> tuple[int, bytes]:
    body = response.read(_LONGEST_ANSWER)
    if response.length:
        raise ConnectionError("cut off")
    return response.status, body


@contextmanager
def _at_most(seconds: float, line: HTTPConnection) -> Iterator[None]:
    """Hang up after so long: a provider that says a letter a second would never time out."""
    timer = Timer(seconds, _hang_up, [line.sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _reference(provider: dict[str, Any], status: int, body: bytes) -> str:
    """Return the number at the provider, or raise what its answer means."""
    told = f"{status} {body[:_TOLD].decode(errors='replace')}".strip()
    if status in _OPEN:
        raise ConnectionError(told)
    if status in _WRONG_MESSAGE:
        raise SmsNotAcceptedError(told, for_good=True)
    if status // 100 != HTTPStatus.OK // 100:
        raise SmsNotAcceptedError(told, gateway_at_fault=True)
    try:
        answer = json.loads(body) if body else {}
    except ValueError as error:
        raise ConnectionError(told) from error
    if matches(answer, provider["refused"]):
        raise SmsNotAcceptedError(told, for_good=True)
    if provider["accepted"] and not matches(answer, provider["accepted"]):
        # No money left, a key that is wrong: the next message would fare the same.
        raise SmsNotAcceptedError(told, gateway_at_fault=True)
    return read_field(answer, provider["reference"])
