"""A line of a task's log leads to the request that queued the task."""

import logging
import threading

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker
from django.http import HttpResponse

from lms.core.logs import ContextFilter
from lms.core.middleware import RequestLogMiddleware

logger = logging.getLogger("tests.task_messages")
PATIENCE = 20


@pytest.fixture
def records():
    """The lines of the tasks below, with what the filter adds, by message."""
    found: dict[str, logging.LogRecord] = {}
    done = threading.Event()

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found[record.getMessage()] = record
            if record.getMessage() == "second":
                done.set()

    handler = Keep()
    handler.addFilter(ContextFilter())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield found, done
    logger.removeHandler(handler)


@pytest.fixture
def app():
    """A queue in this process; a task that queues another."""
    app = Celery("tests", broker="memory://", set_as_current=False)
    app.conf.worker_hijack_root_logger = False

    @app.task(name="tests.second", shared=False)
    def second() -> None:
        logger.info("second")

    @app.task(name="tests.first", shared=False)
    def first() -> None:
        logger.info("first")
        second.delay()

    with start_worker(app, perform_ping_check=False, loglevel="CRITICAL"):
        yield app


def queued_by(app, rf, **headers):
    def view(request):
        app.tasks["tests.first"].delay()
        return HttpResponse("ok")

    return RequestLogMiddleware(view)(rf.get("/", headers=headers)).headers["X-Request-ID"]


def test_task_and_what_it_queues_name_the_request(app, records, rf):
    found, done = records

    request_id = queued_by(app, rf, **{"X-Request-ID": "3f2a9c1d-proxy"})

    assert done.wait(PATIENCE)
    assert request_id == "3f2a9c1d-proxy"
    assert [found[name].request_id for name in ("first", "second")] == [request_id] * 2
    assert found["first"].task_id != found["second"].task_id

    # Beat, and a request that is over, leave nothing behind.
    done.clear()
    app.tasks["tests.first"].delay()

    assert done.wait(PATIENCE)
    assert found["second"].request_id is None
