"""A log line tells enough to find the fault and nothing about the person."""

import io
import json
import logging
from types import SimpleNamespace

import pytest
from django.db import IntegrityError
from django.http import HttpResponse

from lms.core.logs import ContextFilter, StructuredFormatter, current_request, logging_config
from lms.core.middleware import RequestLogMiddleware


@pytest.fixture
def lines():
    """Log through the formatter of production; gives what was written, line by line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    options = logging_config(structured=True)["formatters"]["structured"]
    handler.setFormatter(
        StructuredFormatter(**{key: value for key, value in options.items() if key != "()"})
    )
    handler.addFilter(ContextFilter())
    logger = logging.getLogger("lms.access")
    logger.addHandler(handler)
    level, logger.level = logger.level, logging.INFO
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)
    logger.setLevel(level)


def answer(request):
    request._cached_user = SimpleNamespace(pk=7)
    return HttpResponse("ok")


def test_request_is_logged_without_its_query_and_named_by_lines_after_it(rf, lines):
    request = rf.get("/hoc-vien/", {"q": "Nguyễn Thị Hương"})
    response = RequestLogMiddleware(answer)(request)
    logging.getLogger("lms.access").error("Not Found: /", extra={"request": request})

    line, later = lines()
    milliseconds = line.pop("milliseconds")
    assert milliseconds >= 0
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "lms.access",
        "message": "GET /hoc-vien/ 200",
        "request_id": response.headers["X-Request-ID"],
        "user_id": 7,
    }
    assert later["request_id"] == response.headers["X-Request-ID"]


def test_request_id_of_the_proxy_is_kept(rf):
    request = rf.get("/", headers={"X-Request-ID": "3f2a9c1d-proxy"})

    assert RequestLogMiddleware(answer)(request).headers["X-Request-ID"] == "3f2a9c1d-proxy"


def test_request_id_that_could_forge_a_line_is_replaced(rf):
    request = rf.get("/", headers={"X-Request-ID": 'abcdefgh" INFO all is well'})

    assert len(RequestLogMiddleware(answer)(request).headers["X-Request-ID"]) == 32


def test_request_is_forgotten_after_an_error(rf):
    def fail(request):
        raise ValueError(request)

    with pytest.raises(ValueError, match="WSGIRequest"):
        RequestLogMiddleware(fail)(rf.get("/"))

    assert current_request.get() is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Key (phone)=(+84912345678) exists.", "Key (phone)=([…]) exists."),
        ("called 0912345678 twice", "called […] twice"),
        ("mail to huong.nt@example.vn failed", "mail to […] failed"),
        (
            "certificate 2014/000123 of class 1029384756",
            "certificate 2014/000123 of class 1029384756",
        ),
    ],
)
def test_personal_data_in_a_message_is_masked(lines, text, expected):
    logging.getLogger("lms.access").warning(text)

    assert lines()[0]["message"] == expected


ROW = "DETAIL:  Failing row contains (7, Nguyễn Thị Hương, null,\n\nlời nhắn)."


@pytest.mark.parametrize("then", ["", "\nCONTEXT:  SQL statement"])
def test_row_that_the_database_refused_is_left_out(lines, then):
    error = IntegrityError(f"null value in column “a” violates a constraint\n{ROW}{then}")
    try:
        try:
            raise error
        except IntegrityError as cause:
            raise ValueError("not saved") from cause
    except ValueError:
        logging.getLogger("lms.access").exception("failed: %r", error)

    [line] = lines()
    told = line["message"] + line["exc_info"]
    assert "Hương" not in told
    assert "lời nhắn" not in told
    # Which constraint, and what came of it, stay.
    assert told.count("violates a constraint") == 2
    assert "ValueError: not saved" in line["exc_info"]


def test_extra_data_of_other_libraries_is_left_out(lines):
    logging.getLogger("lms.access").warning("x", extra={"request": "GET /?q=Hương", "data": "args"})

    assert set(lines()[0]) == {"time", "level", "logger", "message"}


def test_traceback_is_one_field_and_masked(lines):
    try:
        int("0912345678!")
    except ValueError:
        logging.getLogger("lms.access").exception("failed")

    [line] = lines()
    assert "for int() with base 10: '[…]!'" in line["exc_info"]
