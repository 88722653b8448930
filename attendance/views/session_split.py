"""A session is cut in two."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from attendance.domain.sessions.splitting import require_splittable, split_session
from attendance.domain.wording import describe_day, describe_hours, describe_minutes
from attendance.forms.split_form import SplitForm
from attendance.models import Session
from lms.core.readers import SignedInRequest
from lms.core.show_refusal import RefusalAsMessage, RefusalOnForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_split(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask where the session is cut, then cut it; people are told once."""
    sessions = Session.objects.manageable_by(request.user).select_related("run")
    session = get_object_or_404(sessions, pk=pk)
    if request.method != "POST":
        with RefusalAsMessage(request) as said:
            require_splittable(session)
        if said.refusal:
            return redirect("courses:run_detail", pk=session.run_id)
    form = SplitForm(request.POST or None, session=session)
    if form.is_valid():
        with RefusalOnForm(form):
            split_session(session=session, plan=form.plan(), by=request.user, at=timezone.now())
            messages.success(request, _("The session has been split. People will be told once."))
            return redirect("courses:run_detail", pk=session.run_id)
    now = timezone.now()
    context = {
        "form": form,
        "session": session,
        "day": describe_day(session.starts_at, now=now),
        "hours": describe_hours(session.starts_at, session.ends_at),
        "minutes": describe_minutes(session.minutes),
    }
    return render(request, "attendance/session_split.html", context)
