"""A small server for Prometheus, on an address of its own: the public site knows nothing of it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings
from django.db import connections
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from lms.monitoring.suite_gauges import SuiteGauges


class CountedRequests(Collector):
    """Adds up what every web process has counted, also those that are gone."""

    def collect(self) -> Iterable[Metric]:
        files = (
            Path(settings.SUITE_METRICS_DIR).glob("*/*.db") if settings.SUITE_METRICS_DIR else ()
        )
        # The library's own types are those of its first version.
        return MultiProcessCollector.merge([str(file) for file in files], accumulate=True)


def _registry(collector: Collector) -> CollectorRegistry:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)
    return registry


#: By path. Two of them: where several machines run web, each has its requests, and one the rest.
PAGES: Final = {
    "/metrics/requests": _registry(CountedRequests()),
    "/metrics/suite": _registry(SuiteGauges()),
}


def metrics_page(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    """Answer with the figures of the path that was asked for; a WSGI application."""
    registry = PAGES.get(environ.get("PATH_INFO", ""))
    if registry is None:
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return iter([b"\n".join(path.encode() for path in PAGES) + b"\n"])
    try:
        page = generate_latest(registry)
    finally:
        # Of this thread, which ends with its answer.
        connections.close_all()
    start_response("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
    return iter([page])


class _Server(ThreadingMixIn, WSGIServer):
    """One that hangs up does not keep the next from its figures."""

    daemon_threads = True


class _Handler(WSGIRequestHandler):
    # Seconds that a client may take for its question.
    timeout = 10

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a line for each question would bury the others."""


def make_metrics_server(host: str, port: int) -> WSGIServer:
    """Return a server that is bound and waits to be started."""
    return make_server(host, port, metrics_page, _Server, _Handler)
