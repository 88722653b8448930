"""What one person was told, and which of the person's addresses do not work."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.models import User
from lms.core.display import phone_local
from lms.core.readers import SignedInRequest
from lms.core.show_refusal import RefusalAsMessage
from lms.messaging.enums import Outcome
from lms.notifications.domain.dead_addresses import call_instead
from lms.notifications.domain.timeline import (
    TimelineLine,
    dead_addresses_of,
    messages_to,
    timeline,
)
from lms.notifications.enums import PEOPLE, Channel, ReminderState
from lms.notifications.labels import kind_label, outcome_label, way_label
from lms.notifications.models import DeadAddress, DeliveryAttempt
from lms.notifications.permissions import REMINDER_ROLES, SENDING_ROLES

MESSAGES_ON_A_PAGE: Final = 25
_TONES: Final = {
    ReminderState.SENT: "success",
    ReminderState.FAILED: "danger",
    ReminderState.UNCERTAIN: "warning",
    ReminderState.UNREACHABLE: "warning",
}


@login_required
@require_safe
def person_timeline(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the messages to one person of the reader's area, the newest first."""
    person = _person(request, pk)
    rows = messages_to(person=person, reader=request.user)
    page = Paginator(rows, MESSAGES_ON_A_PAGE).get_page(request.GET.get("page"))
    may_decide = request.user.scope.has_role(*SENDING_ROLES)
    context = {
        "person": person,
        "page": page,
        "lines": [_line(line) for line in timeline(list(page))],
        "dead": [_dead(one) for one in dead_addresses_of(person=person, reader=request.user)],
        "may_decide": may_decide,
        "trail": [{"label": _("Call list"), "url": reverse("notices:call_list")}],
    }
    return render(request, "notifications/timeline.html", context)


@login_required
@require_POST
def decide_on_address(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give an address up, or use it again; only of people in the reader's area."""
    if not request.user.scope.has_role(*SENDING_ROLES):
        raise Http404
    dead = get_object_or_404(
        DeadAddress.objects.visible_to(request.user).select_related("user"), pk=pk
    )
    on = request.POST.get("call") == "1"
    with RefusalAsMessage(request):
        call_instead(dead=dead, on=on, by=request.user)
        messages.success(
            request,
            _("Nothing more is sent there: the next way is taken, or somebody calls.")
            if on
            else _("Messages go there again."),
        )
    return redirect("notices:timeline", dead.user_id)


def _person(request: SignedInRequest, pk: int) -> User:
    if not request.user.scope.has_role(*REMINDER_ROLES):
        raise Http404
    return get_object_or_404(User.objects.visible_to(request.user), pk=pk)


def _line(line: TimelineLine) -> dict[str, Any]:
    reminder = line.reminder
    notice = getattr(reminder, "notice", None)
    return {
        "reminder": reminder,
        "subject": notice.subject if notice else kind_label(reminder.rule.kind),
        "kind": kind_label(reminder.rule.kind),
        "way": way_label(reminder.way),
        "tone": _TONES.get(ReminderState(reminder.state), ""),
        "tries": [_try(attempt) for attempt in line.attempts],
        "read_at": line.read_at,
    }


def _try(attempt: DeliveryAttempt) -> dict[str, Any]:
    is_open = attempt.outcome != Outcome.ACCEPTED and attempt.channel != PEOPLE
    return {
        "at": attempt.started_at,
        "way": way_label(attempt.channel),
        "outcome": outcome_label(attempt),
        "receipt": attempt.get_receipt_display(),
        "detail": attempt.detail if is_open else "",
    }


def _dead(dead: DeadAddress) -> dict[str, Any]:
    is_mail = dead.way == Channel.EMAIL
    return {
        "row": dead,
        "way": way_label(dead.way),
        "address": dead.address if is_mail else phone_local(dead.address),
    }
