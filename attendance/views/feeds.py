"""Calendar addresses: the page on which a person gets one, and the calendar behind it."""

import hashlib
import re
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from attendance.domain.sessions.calendar import as_icalendar
from attendance.domain.sessions.feeds import (
    end_feed,
    feed_key,
    find_feed,
    make_feed,
    sessions_of_feed,
)
from attendance.models import CalendarFeed
from attendance.views.my_sessions import calendar_file
from courses.models import CourseRun
from lms.core.addresses import absolute_url
from lms.core.models import suite_name
from lms.core.readers import SignedInRequest
from lms.core.throttle import Throttle

# Phones of one person look some times an hour each; a program that has gone wild looks each second.
READINGS: Final = Throttle("attendance:feed", allowed=60, seconds=10 * 60)
# A whole office may sit behind one address, and addresses die by themselves.
MISSES: Final = Throttle("attendance:feed_misses", allowed=60, seconds=10 * 60)
_STAMPED: Final = re.compile(rb"^DTSTAMP:.*$", re.MULTILINE)


@login_required
@require_http_methods(["GET", "POST"])
def my_feed(request: SignedInRequest) -> HttpResponse:
    """Show one's own address; a press makes, renews or ends it."""
    return _page(request, run=None, back=reverse("attendance:my_sessions"))


@login_required
@require_http_methods(["GET", "POST"])
def run_feed(request: SignedInRequest, pk: int) -> HttpResponse:
    """Do the same for the calendar of a class that one keeps."""
    run = get_object_or_404(CourseRun.objects.manageable_by(request.user), pk=pk)
    return _page(request, run=run, back=reverse("courses:run_detail", args=[run.pk]))


@require_safe
def feed(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the calendar to whoever knows the address; the same answer for every wrong one."""
    # In the query: addresses are logged without it.
    client = get_adapter(request).get_client_ip(request)
    if MISSES.is_closed(client) or READINGS.is_closed(pk):
        return _later()
    found = find_feed(pk=pk, key=request.GET.get("key", ""))
    if found is None:
        MISSES.count(client)
        raise Http404
    READINGS.count(pk)
    now = timezone.now()
    sessions = sessions_of_feed(feed=found, now=now)
    if sessions is None:
        raise Http404
    with translation.override(settings.LANGUAGE_CODE):
        name = found.run.title if found.run else suite_name()
        data = as_icalendar(sessions=sessions, url=absolute_url("/"), at=now, name=name)
    return _answer(request, data)


def _answer(request: HttpRequest, data: bytes) -> HttpResponseBase:
    """Return the calendar, or that it is still the one that the client has."""
    etag = quote_etag(hashlib.sha256(_STAMPED.sub(b"", data)).hexdigest()[:32])
    response = calendar_file(data, name="lich-hoc")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    conditional = get_conditional_response(request, etag=etag, response=response)
    return conditional or response


def _later() -> HttpResponse:
    headers = {"Retry-After": str(READINGS.seconds)}
    return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers=headers)


def _page(request: SignedInRequest, *, run: CourseRun | None, back: str) -> HttpResponse:
    if request.method == "POST":
        return _act(request, run)
    found = CalendarFeed.objects.filter(user=request.user, run=run).first()
    context: dict[str, Any] = {"run": run, "feed": found, "back": back}
    if found is not None:
        query = urlencode({"key": feed_key(found)})
        address = absolute_url(f"{reverse('attendance:feed', args=[found.pk])}?{query}")
        parts = urlsplit(address)
        context |= {"address": address, "webcal": parts._replace(scheme="webcal").geturl()}
    response = render(request, "attendance/feed.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _act(request: SignedInRequest, run: CourseRun | None) -> HttpResponse:
    if request.POST.get("act") == "end":
        end_feed(user=request.user, run=run)
        messages.success(request, _("The address is switched off. Calendars no longer read it."))
    else:
        make_feed(user=request.user, run=run, now=timezone.now())
        messages.success(request, _("The address is ready. An earlier one no longer works."))
    return redirect(request.path)
