"""One number for each request, in the answer and in every log line written meanwhile."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from lms.core.logs import current_request

HEADER = "X-Request-ID"
# What a proxy may hand in; anything else could forge log lines.
ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}")

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
