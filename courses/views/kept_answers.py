"""An answer that met the log-in page instead of its question: kept, shown again, never sent by itself.

A log-in runs out, or a phone loses its cookies, between reading a question and answering it. What
was answered goes into a signed cookie of this browser: the session is the one thing that is lost,
and nothing is written for whoever is not logged in. It is shown on its own question of its own
attempt alone, which nobody else can open, and counts only once its owner sends it.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure

_COOKIE: Final = "kept_answer"
_LIFETIME: Final = timedelta(hours=2)
# A cookie holds 4,096 bytes; an answer needs some hundreds.
_LONGEST: Final = 3000
_NO_ANSWER: Final = ("csrfmiddlewaretoken", "go")


def can_be_taken(request: HttpRequest) -> bool:
    """Return whether a posted answer is its owner's: logged in, and sent by a page of ours."""
    return request.user.is_authenticated and _has_token(request)


def keep_answer(request: HttpRequest, *, attempt_id: int, number: int) -> HttpResponse:
    """Keep what was posted and lead back to the question, over the log-in page where it must be.

    A page of somebody else gets the answer of every form without our token.
    """
    if not (_has_token(request) or _is_from_here(request)):
        return csrf_failure(request, reason="no token, and not from here")
    if request.user.is_authenticated:
        response: HttpResponse = redirect(request.path)
    else:
        messages.info(
            request, _("Your log-in had run out. Log in again: your answer has been kept.")
        )
        response = redirect_to_login(request.path)
    written = json.dumps([attempt_id, number, _answer_in(request.POST)])
    if len(written) <= _LONGEST:
        response.set_signed_cookie(
            _COOKIE,
            written,
            max_age=_LIFETIME,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def kept_answer(request: HttpRequest, *, attempt_id: int, number: int) -> QueryDict | None:
    """Return what was kept of this question, as it was posted; None when nothing was."""
    written = request.get_signed_cookie(_COOKIE, default="", max_age=_LIFETIME)
    if not written:
        return None
    *place, answer = json.loads(written)
    return QueryDict(answer) if place == [attempt_id, number] else None


def forget_answer(response: HttpResponse) -> HttpResponse:
    """Drop what was kept: the person has answered since."""
    response.delete_cookie(_COOKIE, samesite="Lax")
    return response


def _answer_in(data: Mapping[str, Any]) -> str:
    answer = QueryDict(mutable=True)
    answer.update(data)
    for name in _NO_ANSWER:
        answer.pop(name, None)
    return answer.urlencode()


def _has_token(request: HttpRequest) -> bool:
    return CsrfViewMiddleware(_nothing).process_view(request, _nothing, (), {}) is None


def _is_from_here(request: HttpRequest) -> bool:
    """Return whether the browser says that a page of ours sent the form: all cookies may be gone."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()
