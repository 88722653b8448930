"""One request to a provider over HTTP, with an end: what it means is for its way to say."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from threading import Timer
from typing import Final
from urllib.parse import urlsplit

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


class NotReachedError(Exception):
    """There was no connection: nothing was handed over."""


@dataclass(frozen=True)
class Said:
    """What a provider answered."""

    status: int
    body: bytes

    @property
    def told(self) -> str:
        """Return the answer as far as it is kept for whoever looks after the way."""
        return f"{self.status} {self.body[:_TOLD].decode(errors='replace')}".strip()

    @property
    def leaves_open(self) -> bool:
        return self.status in _OPEN

    @property
    def is_wrong_message(self) -> bool:
        return self.status in _WRONG_MESSAGE

    @property
    def is_yes(self) -> bool:
        return self.status // 100 == HTTPStatus.OK // 100


def ask(
    *,
    url: str,
    content: bytes,
    headers: Mapping[str, str],
    timeout: float,
    outside_only: bool = False,
) -> Said:
    """Post the content and return the answer; follows no redirect, comes back within the time.

    Raises NotReachedError while nothing was handed over, and OSError (TimeoutError among them) when
    it may have been. `outside_only`: never to an address of this network, whatever its name leads to.
    """
    address = urlsplit(url)
    opener = HTTPSConnection if address.scheme == "https" else HTTPConnection
    with closing(opener(address.hostname or "", address.port, timeout=timeout)) as line:
        try:
            line.connect()
        except OSError as error:
            raise NotReachedError(type(error).__name__) from error
        # Of the connection itself: a name may lead elsewhere the next time it is looked up.
        if outside_only and not ip_address(line.sock.getpeername()[0]).is_global:
            raise NotReachedError("an address inside")
        path = f"{address.path or '/'}?{address.query}" if address.query else address.path or "/"
        with hang_up_after(timeout, line.sock):
            try:
                line.request("POST", path, content, dict(headers))
                return _read(line.getresponse())
            except HTTPException as error:
                # Cut off in the middle of an answer.
                raise ConnectionError(type(error).__name__) from error


def _read(response: HTTPResponse) -> Said:
    body = response.read(_LONGEST_ANSWER)
    if response.length:
        raise ConnectionError("cut off")
    return Said(response.status, body)


@contextmanager
def hang_up_after(seconds: float, sock: socket.socket) -> Iterator[None]:
    """Hang up after so long: whoever says a letter a second would never time out."""
    timer = Timer(seconds, _hang_up, [sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
