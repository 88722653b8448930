"""Arrived and left by the clock, for one line of the roll; the roll does it in place with a script."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from attendance.domain.roll.clock_times import state_by_clock
from attendance.domain.roll.late_marks import require_unsigned
from attendance.domain.roll.queries import roll_of
from attendance.domain.roll.recording import RollEntry, require_markable
from attendance.domain.wording import describe_mark, describe_when
from attendance.forms.clock_form import ClockForm
from attendance.models import Session
from attendance.views.roll_saving import save_entries, say_saved
from lms.core.readers import SignedInRequest
from lms.core.refusal import CatchRefusal, Refusal
from lms.core.show_refusal import RefusalOnForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def clock(request: SignedInRequest, pk: int, enrolment_pk: int) -> HttpResponse:
    """Ask when one person came and left; note it on POST, as the roll would."""
    sessions = Session.objects.manageable_by(request.user)
    session = get_object_or_404(sessions.select_related("run__course", "sign_off"), pk=pk)
    enrolment = get_object_or_404(roll_of(session=session, reader=request.user), pk=enrolment_pk)
    with CatchRefusal() as asked:
        require_markable(session=session, at=timezone.now())
        require_unsigned(session)
    if asked.refusal:
        return redirect("attendance:roll_call", pk=session.pk)
    form = ClockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with RefusalOnForm(form):
            _note(request, session, enrolment, form)
            url = reverse("attendance:roll_call", args=[session.pk])
            return redirect(f"{url}#hoc-vien-{enrolment.pk}")
    now = timezone.now()
    context = {
        "session": session,
        "run": session.run,
        "when": describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        "person": enrolment.user,
        "noted": _describe(enrolment),
        "form": form,
    }
    return render(request, "attendance/clock.html", context)


def _note(request: SignedInRequest, session: Session, enrolment: Any, form: ClockForm) -> None:
    """Raise the Refusal `no_time` where nothing is typed, and what the roll refuses."""
    arrived, left = form.cleaned_data["arrived"], form.cleaned_data["left"]
    if not arrived and not left:
        raise Refusal("no_time", _("Please write when the person came or left."))
    status, late, left_early = state_by_clock(
        session=session, recorded=_recorded(enrolment), arrived=arrived, left=left
    )
    entry = RollEntry(
        enrolment.pk,
        status,
        uuid.uuid4(),
        minutes_late=late,
        minutes_left_early=left_early,
        reason=form.cleaned_data["reason"],
        may_be_slip=True,
    )
    _session, result = save_entries(request, session=session, entries=[entry], is_known_early=False)
    for refusal in result.refused.values():
        raise refusal
    say_saved(request, result)


def _recorded(enrolment: Any) -> tuple[str | None, int, int]:
    """Return what is settled, as `roll_of` tells it."""
    late, left_early = enrolment.settled_minutes_late, enrolment.settled_minutes_left_early
    return enrolment.settled_status, late or 0, left_early or 0


def _describe(enrolment: Any) -> str:
    status, late, left_early = _recorded(enrolment)
    return describe_mark(status, late, left_early) if status else ""
