"""Requests are counted by view and never by path; the figures stand on an address of their own."""

import urllib.error
import urllib.request

import pytest
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.urls import ResolverMatch

from lms.monitoring.request_metrics import (
    COUNTED,
    RequestMetricsMiddleware,
    watch_connection,
)
from lms.monitoring.serving import make_metrics_server
from tests.serving import served


def value(name: str, **labels: str) -> float:
    return COUNTED.get_sample_value(f"suite_{name}", labels) or 0


def test_answer_is_counted_by_view_and_status_and_what_nothing_answers_under_no_name(rf):
    request = rf.get("/hoc-vien/0912345678/")
    request.resolver_match = ResolverMatch(lambda: None, (), {}, url_name="person")

    RequestMetricsMiddleware(lambda request: HttpResponse(status=503))(request)

    assert value("requests_total", view="person", status="503") == 1
    assert value("request_seconds_count", view="person") == 1
    RequestMetricsMiddleware(lambda request: HttpResponse(status=404))(rf.get("/wp-login.php"))
    assert value("requests_total", view="", status="404") == 1
    labels = {label for metric in COUNTED.collect() for s in metric.samples for label in s.labels}
    assert labels <= {"view", "status", "kind", "le"}


def test_failed_statement_is_counted_by_its_kind(db):
    watch_connection(connection)
    watch_connection(connection)
    try:
        with pytest.raises(DatabaseError) as failure, connection.cursor() as cursor:
            cursor.execute("SELECT * FROM nothing_of_the_kind")
    finally:
        connection.execute_wrappers.pop()

    assert value("database_errors_total", kind=failure.type.__name__) == 1


@pytest.mark.parametrize("path", ["/metrics", "/metrics/suite", "/metrics/requests"])
def test_public_site_knows_nothing_of_the_figures(client, db, path):
    assert client.get(path, follow=True).status_code == 404


def test_server_answers_under_two_addresses():
    with served(make_metrics_server("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        with urllib.request.urlopen(f"{url}/metrics/requests", timeout=10) as answer:  # noqa: S310
            assert answer.headers["Content-Type"].startswith("text/plain; version=")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(url, timeout=10)
