"""One's own sessions: the calendar of a trainee, as a page and as a file."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from attendance.domain.excuses.decisions import may_still_ask
from attendance.domain.excuses.rules import decide_until, describe_decision
from attendance.domain.hours.rules import read_rules
from attendance.domain.make_ups.words import make_up_line
from attendance.domain.own_sessions import OwnSession, own_sessions
from attendance.domain.session_state import state_of
from attendance.domain.session_trainers import load_trainers
from attendance.domain.sessions.calendar import as_icalendar
from attendance.domain.wording import describe_minutes, describe_when, map_address
from lms.core.display import vi_date
from lms.core.readers import SignedInRequest

PAST_A_PAGE = 30


@login_required
@require_safe
def my_sessions(request: SignedInRequest) -> HttpResponse:
    """Show all sessions of one's classes by month: those to come, then those that were."""
    now = timezone.now()
    found = own_sessions(person=request.user, now=now)
    coming = [one for one in found if one.session.ends_at > now]
    past = [one for one in reversed(found) if one.session.ends_at <= now]
    page = Paginator(past, PAST_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "coming": _by_month(coming, now),
        "past": _by_month(page.object_list, now),
        "page": page,
        "has_file": any(not one.is_cancelled for one in coming),
    }
    return render(request, "attendance/my_sessions.html", context)


@login_required
@require_safe
def my_calendar(request: SignedInRequest) -> HttpResponse:
    """Send all sessions to come for one's own calendar; those of a cancelled class as cancelled."""
    now = timezone.now()
    found = own_sessions(person=request.user, now=now)
    coming = [one.session for one in found if one.session.ends_at > now]
    load_trainers(coming)
    url = request.build_absolute_uri(reverse("start"))
    return calendar_file(as_icalendar(sessions=coming, url=url, at=now), name="lich-hoc")


def calendar_file(data: bytes, *, name: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )


def _by_month(found: Iterable[OwnSession], now: datetime) -> list[dict[str, Any]]:
    return [
        {"month": month, "lines": [_line(one, now) for one in group]}
        for month, group in groupby(found, key=_month_of)
    ]


def _month_of(one: OwnSession) -> date:
    return timezone.localdate(one.session.starts_at).replace(day=1)


def _line(one: OwnSession, now: datetime) -> dict[str, Any]:
    session = one.session
    status = one.record.status if one.record else None
    return {
        "own": one,
        "when": describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        "map_url": map_address(place=session.venue, unit=str(session.run.unit)),
        "state": state_of(session, now=now),
        "attended": describe_minutes(one.record.minutes) if one.record else "",
        "length": describe_minutes(session.minutes),
        "excuse": _say_excuse(one),
        "may_ask": not one.makes_up_for
        and (may_still_ask(session, now=now, status=status) or one.excuse is not None),
        "makes_up_for": one.makes_up_for.title if one.makes_up_for else "",
        **make_up_line(one.missed, now=now),
    }


def _say_excuse(one: OwnSession) -> str:
    """Say until when the request is decided, or what was decided and means."""
    if one.excuse is None:
        return ""
    rules = read_rules(one.excuse.rules)
    if one.excuse.decided_at:
        one.excuse.session = one.session
        return describe_decision(one.excuse, rules=rules)
    until = decide_until(
        ends_at=one.session.ends_at, asked_at=one.excuse.asked_at, days=rules.excuse_days
    )
    return _("You asked to be excused. To be decided by %(day)s.") % {"day": vi_date(until)}
