"""What a person was told, as it stands in the site."""

from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.core.readers import SignedInRequest
from lms.notifications.domain.notices import mark_read
from lms.notifications.extensions import contacts_for
from lms.notifications.models import Notice

NOTICES_ON_A_PAGE: Final = 20


@login_required
@require_safe
def notice_list(request: SignedInRequest) -> HttpResponse:
    """Show the newest first; the text of each stands behind its line, since to open it is to read it."""
    mine = Notice.objects.visible_to(request.user).only("subject", "written_at", "read_at")
    page = Paginator(mine, NOTICES_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/notices.html", {"page": page})


@login_required
@require_safe
def notice(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one notice, which is read by it: not where a browser only looks ahead."""
    mine = Notice.objects.visible_to(request.user).select_related("reminder")
    shown = get_object_or_404(mine, pk=pk)
    if shown.read_at is None and not _looks_ahead(request):
        mark_read(notices=[shown], now=timezone.now())
        reader: Any = request.user
        # The frame of this page tells of the others.
        reader.unread_notices -= 1
    contacts = contacts_for(reminders=[shown.reminder]).get(shown.reminder_id, ())
    context = {"notice": shown, "contacts": contacts}
    return render(request, "notifications/notice.html", context)


@login_required
@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    mark_read(
        notices=list(Notice.objects.visible_to(request.user).unread().only("pk")),
        now=timezone.now(),
    )
    return redirect("notices:list")


def _looks_ahead(request: HttpRequest) -> bool:
    """Return whether nobody looks: a browser fetches in advance, or a program asks for the head."""
    asked_for = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "HEAD" or "prefetch" in asked_for
