"""What each web process counts: requests and how long they took by view, errors of the database.

The processes of one machine write into files of one folder (`SUITE_METRICS_DIR`), each into its
own; `lms.monitoring.serving` adds them up. Imported only where that folder is set.
"""

import time
from collections.abc import Callable
from typing import Any, Final

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram

# Not the registry of everybody: that would bring figures of one process among those of all.
COUNTED: Final = CollectorRegistry(auto_describe=True)
# Few, since each view has all of them: what feels at once, what is slow, what a person gives up on.
SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

requests = Counter(
    "suite_requests", "Answers by view and status.", ["view", "status"], registry=COUNTED
)
request_seconds = Histogram(
    "suite_request_seconds",
    "Time to an answer by view.",
    ["view"],
    buckets=SECONDS,
    registry=COUNTED,
)
database_errors = Counter(
    "suite_database_errors",
    "Statements that failed, by kind; an IntegrityError is often a repeat that was caught.",
    ["kind"],
    registry=COUNTED,
)


class RequestMetricsMiddleware:
    """Counts every answer that a view or a middleware below gave; static files pass above it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        # The name, never the path: paths hold numbers and codes of people.
        match = request.resolver_match
        view = match.view_name if match else ""
        requests.labels(view=view, status=response.status_code).inc()
        request_seconds.labels(view=view).observe(time.perf_counter() - started)
        return response


def watch_connection(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Count the failed statements of a new connection; receiver of `connection_created`."""
    if _count_errors not in connection.execute_wrappers:
        connection.execute_wrappers.append(_count_errors)


def _count_errors(execute: Callable[..., Any], *call: Any) -> Any:
    try:
        return execute(*call)
    except DatabaseError as error:
        database_errors.labels(kind=type(error).__name__).inc()
        raise
