"""What may be kept of an answer: by a shared phone, by a browser, by a proxy."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

HEADER: Final = "Cache-Control"
PRIVATE: Final = "private, no-store"


class PrivateByDefaultMiddleware:
    """Lets nothing be kept of what a person who is logged in was answered, unless a view says so.

    After the log-out nobody reads it again on the same phone by going back. Stands outside of the
    sessions, whose cookies it looks for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        begins_session = settings.SESSION_COOKIE_NAME in response.cookies
        if (begins_session or _has_session(request)) and not response.has_header(HEADER):
            response.headers[HEADER] = PRIVATE
        return response


def public_page(*, seconds: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator for pages that everybody may read: a stranger's may be kept so long.

    Not where the page greets a person or has a message for one, nor an error.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            response = view(request, *args, **kwargs)
            is_told_something = CookieStorage.cookie_name in request.COOKIES
            if (
                response.status_code == HTTPStatus.OK
                and not _has_session(request)
                and not is_told_something
            ):
                patch_cache_control(response, public=True, max_age=seconds)
            return response

        return wrapped

    return decorate


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES
