"""Pages for when the suite cannot serve: without network, during maintenance, when it fails.

None of them asks the database, the session or the language of the reader: each speaks both languages.
"""

import hashlib
import sys
from http import HTTPStatus

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from lms.core.databases import is_unavailable

# How long a browser or a search engine is asked to wait, in seconds.
RETRY_AFTER = 120
# … while somebody else writes, or the database starts.
BUSY_RETRY_AFTER = 30
# What the offline page is made of besides itself.
OFFLINE_PARTS = ("lms/css/suite.css", "lms/img/mark.svg")
DAY = 86_400


@require_safe
@cache_control(public=True, no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """Serve what the service worker keeps, and shows when a page cannot be fetched."""
    return HttpResponse(_in_both_languages("lms/offline.html"))


@require_safe
@cache_control(public=True, max_age=DAY)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Serve the script at the root, so that it may look after every page.

    It names what it keeps by the hashed addresses and by a digest of the offline page: after an
    upgrade it is another script, and the browser puts it in the place of the old one.
    """
    parts = [static(part) for part in OFFLINE_PARTS]
    made_of = "\n".join([*parts, _in_both_languages("lms/offline.html")])
    context = {
        "name": f"suite-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}",
        "page": reverse("offline"),
        "parts": parts,
        "icon": static("lms/img/icon-192.png"),
    }
    return render(request, "lms/sw.js", context, content_type="text/javascript")


@never_cache
def maintenance(request: HttpRequest) -> HttpResponse:
    """Answer 503 to whatever was asked, with the time to wait."""
    return HttpResponse(
        _in_both_languages("503.html"),
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        headers={"Retry-After": str(RETRY_AFTER)},
    )


@never_cache
def ask_again_later(request: HttpRequest, sentence: str) -> HttpResponse:
    """Answer 503 with what is the matter, where something that the page needs is away."""
    response = render(request, "lms/later.html", {"sentence": sentence})
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


@never_cache
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what no view caught: 503 where the database cannot serve at the moment, else 500.

    Django calls it while it handles the exception, wherever it came from, middlewares included.
    """
    if not is_unavailable(sys.exc_info()[1]):
        return defaults.server_error(request)
    return _busy(request)


@never_cache
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what was asked wrongly: 400, and 503 where it was the database that could not keep the session.

    Django takes each error of the database there for a session that was deleted meanwhile.
    """
    not_kept = exception.__context__ if isinstance(exception, SessionInterrupted) else None
    if not_kept and is_unavailable(not_kept.__context__):
        return _busy(request)
    return defaults.bad_request(request, exception)


def _busy(request: HttpRequest) -> HttpResponse:
    headers = {"Retry-After": str(BUSY_RETRY_AFTER)}
    status = HTTPStatus.SERVICE_UNAVAILABLE
    if request.content_type == "application/json":
        message = _("The database is busy. Nothing was saved; it is tried again in a moment.")
        body = {"code": "database_busy", "message": message}
        return JsonResponse(body, status=status, headers=headers)
    return HttpResponse(_in_both_languages("busy.html"), status=status, headers=headers)


def _in_both_languages(template: str) -> str:
    """Render the page without a request: no navigation, no forms, the same for everybody."""
    with translation.override(settings.LANGUAGE_CODE):
        return render_to_string(template, {"suite": {"name": settings.SUITE_NAME}})
