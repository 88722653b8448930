"""What one has written, and what became of it."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.announcements.domain.publishing import withdraw
from lms.announcements.domain.standing import (
    may_withdraw,
    read_by,
    read_count,
    recipients_by_state,
    state_of,
    unreached,
    why_stopped,
)
from lms.announcements.domain.wording import read_by_people
from lms.announcements.enums import AnnouncementState
from lms.announcements.models import Announcement
from lms.core.display import phone_local, vi_date
from lms.core.readers import SignedInRequest
from lms.core.show_refusal import RefusalAsMessage
from lms.notifications.domain.pausing import leaves_at
from lms.notifications.labels import way_label
from lms.notifications.permissions import REMINDER_ROLES, SENDING_ROLES

ANNOUNCEMENTS_A_PAGE: Final = 20
NAMES_SHOWN: Final = 50


@login_required
@require_safe
def announcement_list(request: SignedInRequest) -> HttpResponse:
    """Show what one wrote oneself, and what was written to the units that one oversees."""
    rows = Announcement.objects.visible_to(request.user).tell_leaving()
    rows = rows.select_related("author")
    page = Paginator(rows, ANNOUNCEMENTS_A_PAGE).get_page(request.GET.get("page"))
    lines = [
        {"announcement": one, "state": state_of(one), "meta": _meta(one)}
        for one in page.object_list
    ]
    context = {
        "lines": lines,
        "page": page,
        "may_write_to_area": request.user.scope.has_role(*SENDING_ROLES),
    }
    return render(request, "announcements/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def announcement(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what was written, what became of it and whom to call; its author withdraws it."""
    rows = Announcement.objects.visible_to(request.user).tell_leaving()
    found = get_object_or_404(rows.select_related("author", "withdrawn_by"), pk=pk)
    if request.method == "POST" and found.author_id == request.user.pk:
        with RefusalAsMessage(request):
            stopped = withdraw(announcement=found, by=request.user, now=timezone.now())
            told = _("Withdrawn. Messages that had not gone out: %(number)d.") % {"number": stopped}
            messages.success(request, told)
        return redirect("announcements:announcement", pk)
    return render(request, "announcements/announcement.html", _context(request, found))


def _meta(announcement: Announcement) -> str:
    """Return to whom, by whom and when."""
    return f"{announcement.group} · {_by(announcement)}"


def _by(announcement: Announcement) -> str:
    """Return who wrote it, and when it goes or went out; one that never did, when it was written."""
    if announcement.published_at is not None:
        when = vi_date(announcement.send_at, "time")
    elif announcement.withdrawn_at is None:
        when = _("to be sent at %(at)s") % {"at": vi_date(announcement.send_at, "time")}
    else:
        when = _("written at %(at)s") % {"at": vi_date(announcement.written_at, "time")}
    return f"{announcement.author.full_name} · {when}"


def _withdrawn(announcement: Announcement) -> str:
    """Return who withdrew it and when; nothing where nobody did."""
    by = announcement.withdrawn_by
    if by is None:
        return ""
    said = {"name": by.full_name, "at": vi_date(announcement.withdrawn_at, "time")}
    return _("Withdrawn by %(name)s at %(at)s.") % said


def _context(request: SignedInRequest, found: Announcement) -> dict[str, Any]:
    to_call = unreached(announcement=found, reader=request.user)
    state, now = state_of(found), timezone.now()
    opens = leaves_at(due=max(found.send_at, now), now=now)
    waits = state == AnnouncementState.LEAVING and opens > now
    return {
        "announcement": found,
        "message": read_by_people(found),
        "state": state,
        "by": _by(found),
        "withdrawn": _withdrawn(found),
        # At night or in a pause all of it still waits.
        "goes_out": _("It goes out at %(at)s.") % {"at": vi_date(opens, "time")} if waits else "",
        "why_stopped": why_stopped(found),
        "counts": [
            {"label": one.label, "way": way_label(one.way), "count": one.count}
            for one in recipients_by_state(announcement=found)
        ],
        "read": read_count(announcement=found),
        "readers": [
            row.user.full_name
            for row in read_by(announcement=found, reader=request.user)[:NAMES_SHOWN]
        ],
        "to_call": [
            {
                "name": row.user.full_name,
                "phone": phone_local(row.user.phone),
                "tel": row.user.phone,
            }
            for row in to_call[:NAMES_SHOWN]
        ],
        "more_to_call": max(0, to_call.count() - NAMES_SHOWN),
        "sees_call_list": request.user.scope.has_role(*REMINDER_ROLES),
        "may_withdraw": found.author_id == request.user.pk and may_withdraw(found),
    }
