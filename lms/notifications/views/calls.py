"""The call list: whom no message reached, what to say, and what came of the call."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.models import User
from lms.core.display import phone_local
from lms.core.readers import SignedInRequest
from lms.core.requests import read_number
from lms.core.show_refusal import RefusalAsMessage
from lms.notifications.domain.calls import Call, calls_to, people_to_call, record_call
from lms.notifications.enums import CallResult
from lms.notifications.models import Reminder
from lms.notifications.permissions import REMINDER_ROLES
from lms.spreadsheets.about import About
from lms.spreadsheets.handout import dated_name, download_links, file_format_of, hand_out
from lms.spreadsheets.tables import Spreadsheet

PEOPLE_ON_A_PAGE: Final = 100


@login_required
@require_safe
def call_list(request: SignedInRequest) -> HttpResponse:
    """Show whom to call, by commune and class: on a phone to call, on paper to tick."""
    reader, now = _reader(request), timezone.now()
    people = people_to_call(reader=reader, now=now)
    page = Paginator(people, PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    calls = calls_to(people=list(page), reader=reader, now=now)
    groups = [
        {"commune": commune, "run": run, "calls": some, "shared": _said_to_several(some)}
        for (commune, run), rows in groupby(calls, key=_group)
        for some in [list(rows)]
    ]
    context = {
        "groups": groups,
        "page": page,
        "results": CallResult.choices,
        "downloads": download_links(reverse("notices:call_list_file")),
        "day": timezone.localdate(now),
    }
    return render(request, "notifications/calls.html", context)


@login_required
@require_safe
def call_list_file(request: SignedInRequest) -> HttpResponseBase:
    """Send the whole list as a file. Who took it is logged."""
    reader, now = _reader(request), timezone.now()
    people = list(people_to_call(reader=reader, now=now))
    calls = calls_to(people=people, reader=reader, now=now)
    headings = [_("Commune"), _("Class"), _("Full name"), _("Phone number"), _("What to say")]
    headings += [str(label) for label in CallResult.labels]
    sheet = Spreadsheet(_("Call list"), headings, [_cells(call) for call in calls])
    return hand_out(
        sheet=sheet,
        by=reader,
        list_name="can-goi",
        file_name=dated_name("can-goi"),
        file_format=file_format_of(request),
        about=About(),
        rows=len(calls),
    )


@login_required
@require_POST
def note_call(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note what came of the call to one person; a second press finds that it is noted."""
    reader, now = _reader(request), timezone.now()
    result = request.POST.get("result")
    if result not in CallResult.values:
        raise Http404
    # Of whom there is anything to tell, or was: a colleague may have called meanwhile.
    known = Reminder.objects.visible_to(reader).values("user")
    person = get_object_or_404(User.objects.filter(pk__in=known), pk=pk)
    with RefusalAsMessage(request):
        record_call(person=person, result=CallResult(result), by=reader, now=now)
        told = _("Noted for %(name)s: %(result)s.")
        label = str(CallResult(result).label)
        messages.success(request, told % {"name": person.full_name, "result": label})
    # The same sheet of a long list, not its top.
    page = read_number(request.GET.get("page", ""))
    return redirect(reverse("notices:call_list") + (f"?page={page}" if page else ""))


def _reader(request: SignedInRequest) -> User:
    if not request.user.scope.has_role(*REMINDER_ROLES):
        raise Http404
    return request.user


def _group(call: Call) -> tuple[str, str]:
    return call.commune, call.person.__dict__["run_title"]


def _said_to_several(calls: Sequence[Call]) -> dict[str, str]:
    """Return subjects by the text that more than one of these is to be told: on paper it stands once."""
    notices = [one.notice for call in calls for one in call.reminders if hasattr(one, "notice")]
    counts = Counter(notice.text for notice in notices)
    return {notice.text: notice.subject for notice in notices if counts[notice.text] > 1}


def _cells(call: Call) -> list[Any]:
    said = "\n".join(_said(one) for one in call.reminders)
    phone = phone_local(call.person.phone)
    commune, run = _group(call)
    return [commune, run, call.person.full_name, phone, said, *("" for _one in CallResult)]


def _said(reminder: Reminder) -> str:
    """Return what to say in one line; of rows from before there were notices, what it is about."""
    notice = getattr(reminder, "notice", None)
    subject = notice.subject if notice else f"{reminder.session_title} {reminder.run_title}".strip()
    return f"{subject}, {reminder.place}" if reminder.place else subject
