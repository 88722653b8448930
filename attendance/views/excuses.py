"""Requests to be excused: asked on the phone, decided by the unit."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendance.domain import excuses
from attendance.domain.recording import REASON_LENGTH
from attendance.domain.wording import describe_when
from attendance.enums import ExcuseState
from attendance.models import Excuse, Session
from courses.models import Enrolment
from lms.accounts.enums import MANAGING_ROLES
from lms.core.readers import SignedInRequest
from lms.core.show_refusal import RefusalAsMessage, RefusalOnForm

# The button that takes a request back.
TAKE_BACK = "take_back"


class ExcuseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def excuse_ask(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask to be excused from a session of one's own class, or take the request back."""
    session = get_object_or_404(Session.objects.select_related("run"), pk=pk)
    own = Enrolment.objects.counted().filter(user=request.user, run=session.run_id)
    enrolment = get_object_or_404(own)
    known = Excuse.objects.filter(session=session, enrolment=enrolment)
    asked = known.exclude(state=ExcuseState.WITHDRAWN).first()
    form = ExcuseForm(request.POST if request.method == "POST" and not asked else None)
    if asked and TAKE_BACK in request.POST:
        with RefusalAsMessage(request):
            excuses.withdraw_excuse(excuse=asked)
            messages.success(request, _("The request has been taken back."))
        return redirect("attendance:excuse_ask", pk=session.pk)
    if form.is_valid():
        with RefusalOnForm(form):
            reason, now = form.cleaned_data["reason"], timezone.now()
            excuses.ask_excuse(session=session, enrolment=enrolment, reason=reason, at=now)
            messages.success(request, _("The request has been sent."))
            return redirect("attendance:excuse_ask", pk=session.pk)
    context = {
        "session": session,
        "run": session.run,
        "when": describe_when(
            starts_at=session.starts_at, ends_at=session.ends_at, now=timezone.now()
        ),
        "excuse": asked,
        "is_waiting": asked is not None and asked.state == ExcuseState.ASKED,
        "effect": excuses.describe_effect(session.run),
        "form": form,
        "take_back": TAKE_BACK,
    }
    return render(request, "attendance/excuse_ask.html", context)


@never_cache
@login_required
@require_safe
def excuse_list(request: SignedInRequest) -> HttpResponse:
    """Show the requests that one may decide."""
    if not request.user.scope.has_role(*MANAGING_ROLES):
        raise Http404
    context = {"excuses": excuses.excuses_to_decide(by=request.user)}
    return render(request, "attendance/excuse_list.html", context)


@login_required
@require_POST
def excuse_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Grant or refuse one request."""
    people = Enrolment.objects.visible_to(request.user)
    rows = Excuse.objects.filter(enrolment__in=people).select_related("session")
    excuse = get_object_or_404(rows, pk=pk)
    grant = request.POST.get("decision") == "grant"
    with RefusalAsMessage(request):
        excuses.decide_excuse(excuse=excuse, grant=grant, by=request.user, at=timezone.now())
        messages.success(request, _("The decision has been saved."))
    return redirect("attendance:excuse_list")
