"""Requests to be excused: asked on the phone, taken down by a trainer, decided."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendance.domain.excuses import decisions, rules
from attendance.domain.excuses.waiting import decision_lines
from attendance.domain.hours.rules import rules_of
from attendance.domain.wording import describe_when
from attendance.enums import ExcuseState
from attendance.forms.excuse_form import ExcuseForm, NotedExcuseForm, PaperForm
from attendance.forms.two_buttons import read_decision
from attendance.models import Excuse, Session
from courses.models import Enrolment
from courses.permissions import RUN_MANAGERS
from lms.core.handover import hand_over
from lms.core.readers import SignedInRequest
from lms.core.show_refusal import RefusalAsMessage, RefusalOnForm

# The button that takes a request back.
TAKE_BACK = "take_back"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def excuse_ask(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask to be excused from a session of one's own class, or take the request back."""
    session = get_object_or_404(Session.objects.select_related("run"), pk=pk)
    own = Enrolment.objects.counted().filter(user=request.user, run=session.run_id)
    enrolment = get_object_or_404(own)
    known = Excuse.objects.filter(session=session, enrolment=enrolment)
    asked = known.exclude(state=ExcuseState.WITHDRAWN).select_related("session", "noted_by").first()
    if request.method != "POST" and not asked and _is_refused(request, session):
        return redirect("attendance:my_sessions")
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form: PaperForm = PaperForm(*sent) if asked else ExcuseForm(*sent)
    if asked and TAKE_BACK in request.POST:
        with RefusalAsMessage(request):
            decisions.withdraw_excuse(excuse=asked)
            messages.success(request, _("The request has been taken back."))
        return redirect("attendance:excuse_ask", pk=session.pk)
    if asked and "reason" in request.POST and not request.FILES:
        # The form that asks, sent twice or from a second tab.
        messages.info(request, _("You have asked already: what was sent stands below."))
        return redirect("attendance:excuse_ask", pk=session.pk)
    if sent and form.is_valid():
        with RefusalOnForm(form):
            if asked:
                decisions.attach_paper(excuse=asked, paper=form.cleaned_data["paper"])
                messages.success(request, _("The paper has been sent."))
            else:
                now = timezone.now()
                decisions.ask_excuse(
                    session=session, enrolment=enrolment, at=now, **form.cleaned_data
                )
                messages.success(request, _("The request has been sent."))
            return redirect("attendance:excuse_ask", pk=session.pk)
    context = _about(session) | _standing(asked, session) | {"form": form}
    return render(request, "attendance/excuse_ask.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def excuse_note(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take down the request of somebody who calls, for a class that one manages."""
    sessions = Session.objects.manageable_by(request.user).select_related("run")
    session = get_object_or_404(sessions, pk=pk)
    if request.method != "POST" and _is_refused(request, session):
        return redirect("courses:run_detail", pk=session.run_id)
    people = Enrolment.objects.visible_to(request.user).counted().filter(run=session.run_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NotedExcuseForm(*sent, people=people, initial={"enrolment": request.GET.get("for")})
    if form.is_valid():
        with RefusalOnForm(form):
            decisions.ask_excuse(
                session=session, at=timezone.now(), noted_by=request.user, **form.cleaned_data
            )
            messages.success(request, _("The request has been noted; it waits for a decision."))
            return redirect("courses:run_detail", pk=session.run_id)
    context = _about(session) | _standing(None, session) | {"form": form}
    return render(request, "attendance/excuse_note.html", context)


@login_required
@require_safe
def excuse_list(request: SignedInRequest) -> HttpResponse:
    """Show the requests that one may decide, the one that is due first in front."""
    if not request.user.scope.has_role(*RUN_MANAGERS):
        raise Http404
    lines = decision_lines(by=request.user, now=timezone.now())
    return render(request, "attendance/excuse_list.html", {"lines": lines})


@login_required
@require_POST
def excuse_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Grant or refuse one request."""
    rows = Excuse.objects.visible_to(request.user).select_related("session")
    excuse = get_object_or_404(rows, pk=pk)
    with RefusalAsMessage(request):
        grant = read_decision(request.POST.get("decision", ""), yes="grant", no="refuse")
        decisions.decide_excuse(excuse=excuse, grant=grant, by=request.user, at=timezone.now())
        messages.success(request, _("The decision has been saved; the trainee is told."))
    return redirect("attendance:excuse_list")


@login_required
@require_safe
def excuse_paper(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Send the paper of a request to the person and to those who decide."""
    rows = Excuse.objects.visible_to(request.user).exclude(paper="")
    paper = get_object_or_404(rows, pk=pk).paper
    # A picture was drawn anew by the suite; a PDF is opened outside of it.
    return hand_over(request, paper, as_attachment=str(paper.name).endswith(".pdf"))


def _is_refused(request: SignedInRequest, session: Session) -> bool:
    """Return whether nobody may ask any more, and tell why: no form opens that were to fail."""
    with RefusalAsMessage(request) as said:
        decisions.require_open_to_excuses(session, at=timezone.now())
    return said.refusal is not None


def _about(session: Session) -> dict[str, Any]:
    when = describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=timezone.now())
    return {"session": session, "run": session.run, "when": when}


def _standing(excuse: Excuse | None, session: Session) -> dict[str, Any]:
    """Return where the request stands, until when it is decided, and what that means."""
    counted_by, now = rules_of(session.run), timezone.now()
    asked_at = excuse.asked_at if excuse else now
    is_decided = excuse is not None and excuse.decided_at is not None
    return {
        "excuse": excuse,
        "is_waiting": excuse is not None and not is_decided,
        "effect": rules.describe_decision(excuse, rules=counted_by)
        if excuse and is_decided
        else rules.describe_effect(counted_by),
        "until": rules.decide_until(
            ends_at=session.ends_at, asked_at=asked_at, days=counted_by.excuse_days
        ),
        "take_back": TAKE_BACK,
    }
