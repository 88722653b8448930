"""A real push service on a loopback port, and a device that reads what it was sent."""

import base64
import os
import threading
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.serving import served


class Device:
    """A browser that was given messages: its keys, and what it makes of a sealed one."""

    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.p256dh, self.auth = _text(point), _text(self._auth)

    def read(self, sealed):
        return http_ece.decrypt(
            sealed, private_key=self._key, auth_secret=self._auth, version="aes128gcm"
        ).decode()


class PushService(ThreadingHTTPServer):
    """`taken` holds path, headers and the sealed body of each message; it answers with the `status`
    of the path, or hangs up (`drop`), or never answers (`hang`).
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken = []
        self.status = {}
        self.mood = ""
        self.over = threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: PushService

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, dict(self.headers), body))
        if self.server.mood == "hang":
            self.server.over.wait()
        if self.server.mood:
            self.close_connection = True
            return
        self.send_response(self.server.status.get(self.path, 201))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        """Say nothing."""


def _text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def running_push_service() -> AbstractContextManager[PushService]:
    service = PushService()
    return served(service, let_go=service.over.set)
