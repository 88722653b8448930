"""A real HTTP server on a loopback port that behaves as a provider of messages is told to."""

import json
import threading
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from tests.serving import served


class SmsProvider(ThreadingHTTPServer):
    """`taken` holds every message whose text has arrived, in order.

    `mood`: "" answers with `status` and `body`; "hang" never answers; "drip" answers a letter at a
    time; "drop" hangs up instead of an answer; "cut" in the middle of one; "twice" says it twice.
    At a path in `elsewhere` it answers with that body, whatever its mood, and keeps it in `asked`.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken = []
        self.elsewhere = {}
        self.asked = []
        self.headers = []
        self.mood = ""
        self.status = 200
        self.body = json.dumps({"code": 100, "data": {"id": "nhan-1"}})
        self.over = threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/send?v=2"

    def settings(self, **changes):
        return {
            "url": self.url,
            "headers": {"Authorization": "Bearer khoa"},
            "body": {"phone": "{to_84}", "content": "{text}", "id": "{key}", "flags": ["{to_0}"]},
            "format": "json",
            "accepted": ("code", frozenset({"100"})),
            "refused": ("code", frozenset({"99"})),
            "reference": "data.id",
            **changes,
        }


class _Handler(BaseHTTPRequestHandler):
    server: SmsProvider

    def do_POST(self):
        said = self.rfile.read(int(self.headers["Content-Length"])).decode()
        is_form = "form" in self.headers["Content-Type"]
        fields = dict(parse_qsl(said)) if is_form else json.loads(said)
        if self.path in self.server.elsewhere:
            self.server.asked.append(fields)
            self._answer(200, "", json.dumps(self.server.elsewhere[self.path]).encode())
            return
        self.server.taken.append(fields)
        self.server.headers.append(dict(self.headers))
        mood, body = self.server.mood, self.server.body.encode()
        if mood == "hang":
            self.server.over.wait()
        if mood in ("hang", "drop"):
            self.close_connection = True
            return
        self._answer(self.server.status, mood, body)

    def _answer(self, status, mood, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", self.server.url)
        self.end_headers()
        self._say(mood, body)

    def _say(self, mood, body):
        if mood == "drip":
            for letter in body:
                self.wfile.write(bytes([letter]))
                self.wfile.flush()
                if self.server.over.wait(0.1):
                    break
        elif mood == "cut":
            self.wfile.write(body[:5])
        else:
            self.wfile.write(body * (2 if mood == "twice" else 1))

    def log_message(self, *args):
        """Say nothing."""


def running_provider() -> AbstractContextManager[SmsProvider]:
    provider = SmsProvider()
    return served(provider, let_go=provider.over.set)
