"""Phones on a weak network: they ask for a file and take it at some 20 kB a second."""

import contextlib
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# Seldom and much at once: the phones should take little of the processor that they share here.
TURN_SECONDS = 0.5
BYTES_A_TURN = 10_000


@dataclass
class Phone:
    """One connection and what came through it so far."""

    connection: socket.socket
    received: bytearray = field(default_factory=bytearray)
    is_cut_off: bool = False

    def take_some(self) -> None:
        if not self.is_cut_off and select.select([self.connection], [], [], 0)[0]:
            got = self.connection.recv(BYTES_A_TURN)
            self.is_cut_off = not got
            self.received += got


@contextlib.contextmanager
def slow_readers(
    url: str, *, count: int, cookies: str, trusted: ssl.SSLContext | None = None
) -> Iterator[list[Phone]]:
    """Let so many phones read the file until the block ends; `trusted` where it comes by TLS."""
    phones = [Phone(_asked(url, cookies, trusted)) for _ in range(count)]
    done = threading.Event()
    reading = threading.Thread(target=_read_until, args=(done, phones))
    reading.start()
    try:
        yield phones
    finally:
        done.set()
        reading.join()
        for phone in phones:
            phone.connection.close()


def _asked(url: str, cookies: str, trusted: ssl.SSLContext | None) -> socket.socket:
    """Ask for the file with a window that holds no more than a phone is sent at once."""
    parts = urlsplit(url)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    connection.connect((parts.hostname or "", parts.port or 80))
    if trusted:
        connection = trusted.wrap_socket(connection, server_hostname=parts.hostname)
    request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {cookies}\r\n\r\n"
    connection.sendall(request.encode())
    return connection


def _read_until(done: threading.Event, phones: list[Phone]) -> None:
    while not done.is_set():
        for phone in phones:
            phone.take_some()
        time.sleep(TURN_SECONDS)
