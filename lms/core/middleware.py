"""What stands around every request: its number and its line in the log, and maintenance."""

import logging
import re
import time
import uuid
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string

from lms.core.logs import current_request
from lms.core.maintenance import maintenance_end
from lms.core.requests import read_number
from lms.core.stored_files import StoreAwayError
from lms.core.text import without_look_alikes
from lms.core.views.offline_and_maintenance import ask_again_later, maintenance

HEADER = "X-Request-ID"
# Where the host mounts the health endpoints.
HEALTH = "/health/"
# What a proxy may hand in; anything else could forge log lines.
ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}")

# Bytes: some pictures of a phone at once, each of 10 MB at most; a form of the log-in, for which
# the proxy counts digits: seven are too many.
LARGEST_BODY: Final = 64 * 1024**2
LARGEST_BODY_OF_STRANGERS: Final = 999_999

logger = logging.getLogger("lms.access")


class RequestLogMiddleware:
    """Names the request and logs one line for it: method, path without query, status, time.

    Stands first, so that the line counts the whole time spent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request.request_id = given if ACCEPTED.fullmatch(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        token = current_request.set(request)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers[HEADER] = request.request_id  # type: ignore[attr-defined]
            logger.info(
                "%s %s %s",
                request.method,
                request.path,
                response.status_code,
                extra={"milliseconds": round((time.perf_counter() - started) * 1000, 1)},
            )
            return response
        finally:
            current_request.reset(token)


class HugeNumbersMiddleware:
    """Answers 404 to an address with a number that no row can have: a database fails at it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, _request: HttpRequest, _view: object, _args: object, kwargs: Mapping[str, Any]
    ) -> None:
        numbers = [value for value in kwargs.values() if isinstance(value, int)]
        if any(read_number(str(number)) is None for number in numbers):
            raise Http404


class BodyLimitMiddleware:
    """Refuses a body that no page of the suite sends, before any of it is read.

    Whoever has no session has nothing to send but the forms of the log-in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        largest = LARGEST_BODY if has_session else LARGEST_BODY_OF_STRANGERS
        length = read_number(request.META.get("CONTENT_LENGTH") or "0")
        if length is None or length > largest:
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return HttpResponse(render_to_string("413.html"), status=status)
        return self.get_response(request)


class LookAlikesMiddleware:
    """Hands every form and search its text without invisible signs and look-alikes.

    Here rather than in form fields: forms of Wagtail and allauth, and pages that read an address
    without a form, get the same. Passwords are never changed: what somebody chose must stay it.
    Acts after the check for cross-site requests, which reads the form first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_args: object) -> None:
        request.GET = _without_look_alikes(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            request.POST = _without_look_alikes(request.POST)  # type: ignore[assignment]


def _without_look_alikes(sent: QueryDict) -> QueryDict:
    clean = {
        key: [without_look_alikes(value) for value in values]
        for key, values in sent.lists()
        if "password" not in key
    }
    if all(values == sent.getlist(key) for key, values in clean.items()):
        return sent
    changed = sent.copy()
    for key, values in clean.items():
        changed.setlist(key, values)
    return changed


class CompressTextMiddleware(GZipMiddleware):
    """Compresses pages for browsers that take it; files that are streamed go out as they are.

    Most phones are on a weak network. Parts of a file could no longer be asked for.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.streaming:
            return response
        return super().process_response(request, response)


class MaintenanceMiddleware:
    """During maintenance (`lms.core.maintenance`) every page says so, without the database.

    Stands before sessions and language; static files and what machines ask about health pass.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(HEALTH) and maintenance_end():
            return maintenance(request)
        return self.get_response(request)


class StoreAwayMiddleware:
    """Answers 503 with a sentence where a page cannot do without a file and its store is away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, StoreAwayError):
            return None
        logger.error("The store of files is away: %s", error.__cause__, exc_info=error)
        return ask_again_later(request, error.message)
