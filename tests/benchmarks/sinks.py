"""`python -m tests.benchmarks.sinks smtp|sms PORT FILE`: takes every message and writes its key down;
`silent` takes every line and never says a word.

The key is written before the answer, by one call: whoever is killed in between has taken the message.
"""

import json
import os
import socket
import sys
import time
from email.parser import BytesHeaderParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller


class Ledger:
    def __init__(self, path):
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, key):
        os.write(self._file, f"{key}\n".encode())


class MailSink:
    def __init__(self, ledger):
        self._ledger = ledger

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self._ledger.note(BytesHeaderParser().parsebytes(envelope.content)["Message-ID"].strip())
        return "250 OK"


class SmsSink(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    ledger: Ledger

    def do_POST(self):
        key = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["id"]
        self.ledger.note(key)
        body = json.dumps({"code": 100, "data": {"id": key}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


def keep_silent(port):
    with socket.create_server(("127.0.0.1", port)) as server:
        taken = []
        while True:
            taken.append(server.accept())


def main(kind, port, path):
    if kind == "silent":
        keep_silent(port)
    ledger = Ledger(path)
    if kind == "smtp":
        Controller(MailSink(ledger), hostname="127.0.0.1", port=port, ready_timeout=60).start()
        while True:
            time.sleep(60)
    SmsSink.ledger = ledger
    ThreadingHTTPServer.allow_reuse_address = True
    ThreadingHTTPServer(("127.0.0.1", port), SmsSink).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
