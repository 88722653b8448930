"""The load client: what it reads of wrk, and what it asks a server."""

import shutil
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.benchmarks.load import Load, Visit, put_load, read_report
from tests.benchmarks.measures import NotMeasurableError

OUTPUT = """Running 3s test @ http://127.0.0.1:8000/
  2 threads and 64 connections
Requests/sec:    104.00
load: requests=312 microseconds=3000000 median=600000 unexpected={unexpected} example={example} broken={broken}
"""


def report(*, unexpected: int = 0, example: int = 0, broken: int = 0) -> str:
    return OUTPUT.format(unexpected=unexpected, example=example, broken=broken)


def test_report_gives_rate_and_median():
    read = read_report(report(), what="page", expected=200)

    assert read == Load(requests=312, seconds=3.0, median=0.6)
    assert 1 / read.seconds_per_request == pytest.approx(104)


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (report(unexpected=3, example=302), r"312 answers 3 were not 200 \(such as 302\)"),
        (report(broken=2), "2 requests broke off"),
        (report().replace("requests=312", "requests=0"), "not one answer"),
        ("Requests/sec: 104.00", "no report"),
    ],
)
def test_wrong_answers_are_no_measurement(output, reason):
    with pytest.raises(AssertionError, match=reason):
        read_report(output, what="page", expected=200)


def test_missing_wrk_is_said_with_the_way_to_get_it(monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(NotMeasurableError, match="apt-get install wrk"):
        put_load(url="http://127.0.0.1:1/", visits=[Visit("a=1")], connections=1)


class Server(BaseHTTPRequestHandler):
    """Note who asks; answer the odd ones as told by the path."""

    protocol_version = "HTTP/1.1"
    asked: Counter

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.asked[self.command, self.headers["Cookie"], body] += 1
        self.send_response(302 if self.path == "/out/" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - the name that the server looks for

    def log_message(self, *arguments):
        pass


class Site(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Say nothing: wrk hangs up in the middle when its time is over."""


@pytest.fixture
def site(monkeypatch):
    if shutil.which("wrk") is None:
        pytest.skip("wrk is not installed")
    monkeypatch.setattr(Server, "asked", Counter(), raising=False)
    with Site(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.process
def test_wrk_asks_with_each_visit_in_turn(site):
    visits = [*(Visit(f"sessionid={n}") for n in range(6)), Visit("csrftoken=1", "login=HN1")]

    seen = put_load(url=f"{site}/", visits=visits, connections=4, seconds=1)

    assert set(Server.asked) == {
        *(("GET", f"sessionid={n}", "") for n in range(6)),
        ("POST", "csrftoken=1", "login=HN1"),
    }
    # Equally often, but for what was under way at the end.
    assert max(Server.asked.values()) - min(Server.asked.values()) <= 4
    assert 0 <= Server.asked.total() - seen.requests <= 4
    assert seen.seconds >= 0.9


@pytest.mark.process
def test_answer_of_another_status_is_no_measurement(site):
    with pytest.raises(AssertionError, match=r"were not 200 \(such as 302\), 0 requests broke off"):
        put_load(url=f"{site}/out/", visits=[Visit("a=1")], connections=2, seconds=1)
