"""A report leads to the line that failed and to nobody's name; where it cannot go, nobody waits."""

import gzip
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest

from lms.monitoring.error_reports import without_people
from tests.lms.monitoring.failing import PERSONAL
from tests.services import HUNG_SECONDS
from tests.serving import served

# Much longer than any of this takes on a busy machine.
UNPACK = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


class StandIn(ThreadingHTTPServer):
    """Takes what Sentry would; with `hangs` it never answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Take)
        self.bodies: list[bytes] = []
        self.hangs = threading.Event()
        self.released = threading.Event()


class _Take(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(UNPACK[self.headers.get("Content-Encoding", "")](body))
        if self.server.hangs.is_set():
            self.server.released.wait(HUNG_SECONDS)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def sentry() -> Iterator[StandIn]:
    server = StandIn()
    with served(server, let_go=server.released.set):
        yield server


def fail_once(sentry: StandIn) -> tuple[float, float]:
    """Seconds that the page took, and that the process took to end after it."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.lms.monitoring.settings",
        "SENTRY_DSN": f"http://key@127.0.0.1:{sentry.server_port}/1",
    }
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.lms.monitoring.failing"],
        cwd=Path(__file__).resolve().parents[3],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        told = process.stdout.readline()
        answered = time.perf_counter()
        _, complaints = process.communicate(timeout=HUNG_SECONDS)
        assert process.returncode == 0, complaints
        return float(told), time.perf_counter() - answered


def events_of(sentry: StandIn) -> list[dict[str, Any]]:
    lines = [line for body in sentry.bodies for line in body.splitlines()]
    return [
        event for line in lines if "event_id" in (event := json.loads(line)) and "level" in event
    ]


@pytest.mark.process
def test_report_of_a_page_that_failed_names_nobody(sentry):
    fail_once(sentry)

    events = events_of(sentry)
    [failure] = [event for event in events if "exception" in event]
    [error] = failure["exception"]["values"]
    assert error["type"] == "ValueError"
    assert error["stacktrace"]["frames"][-1]["function"] == "fail"
    assert failure["transaction"] == "__main__.fail"
    assert failure["tags"] == {"request_id": "3f2a9c1d-page"}
    assert failure["release"]
    [logged] = [event for event in events if event.get("logger") == "lms.accounts"]
    assert logged["logentry"]["message"] == "%s of %s could not be sent."
    # The lines of code around the fault are ours, and this file writes the names into them.
    for event in events:
        for one in event.get("exception", {}).get("values", []):
            for frame in one["stacktrace"]["frames"]:
                for key in ("pre_context", "context_line", "post_context"):
                    frame.pop(key, None)
    sent = json.dumps(events, ensure_ascii=False)
    assert [word for word in PERSONAL if word in sent] == []


@pytest.mark.process
def test_sentry_that_hangs_holds_up_nobody(sentry):
    sentry.hangs.set()

    page, end = fail_once(sentry)

    assert sentry.bodies
    assert page < 15
    assert end < 15


# Each place in which the library puts, or might put, what a person has typed.
FRAME = {"function": "save", "lineno": 7, "vars": {"name": PERSONAL[0]}}
EVENT = {
    "level": "error",
    "server_name": PERSONAL[0],
    "user": {"username": PERSONAL[0]},
    "request": {"url": f"/{PERSONAL[0]}", "data": {"q": PERSONAL[0]}, "cookies": PERSONAL[0]},
    "extra": {"celery-job": {"args": [PERSONAL[0]]}, "sys.argv": [PERSONAL[0]]},
    "contexts": {"trace": {"data": PERSONAL[0]}},
    "breadcrumbs": {"values": [{"message": PERSONAL[0]}]},
    "transaction": f"/{PERSONAL[0]}/",
    "transaction_info": {"source": "url"},
    "logger": "django.request",
    "logentry": {"message": PERSONAL[0], "params": [PERSONAL[0]]},
    "exception": {
        "values": [
            {
                "type": "IntegrityError",
                "value": f"Key (full_name)=({PERSONAL[0]})",
                "mechanism": {"type": "django", "handled": False, "data": PERSONAL[0]},
                "stacktrace": {"frames": [FRAME]},
            }
        ]
    },
    "something_new": PERSONAL[0],
}


def test_answer_that_says_later_is_no_report():
    asked = {"level": "error", "logger": "django.request"}
    said = {"logentry": {"message": "%s: %s", "params": ["Service Unavailable", "/health/beat/"]}}

    assert without_people(asked | said, {}) is None


def test_whatever_the_library_adds_stays_at_home():
    kept = without_people(EVENT, {})

    assert kept == {
        "level": "error",
        "logger": "django.request",
        "exception": {
            "values": [
                {
                    "type": "IntegrityError",
                    "mechanism": {"type": "django", "handled": False},
                    "stacktrace": {"frames": [{"function": "save", "lineno": 7}]},
                }
            ]
        },
    }
