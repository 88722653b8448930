"""A missed session and where it can be made up: chosen by the trainee, or arranged by the trainer."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from attendance.domain.make_ups import booking
from attendance.domain.make_ups.offers import MissedSession, missed_of
from attendance.domain.make_ups.words import describe_make_up, describe_offer
from attendance.domain.roll.recording import REASON_LENGTH
from attendance.domain.sessions.conflicts import describe_clash, find_clashes
from attendance.domain.wording import describe_minutes, describe_when
from attendance.enums import ClashKind
from attendance.models import MakeUp, Session
from courses.domain.contacts import annotate_contacts, contacts_of
from courses.models import CourseRun, Enrolment
from lms.accounts.models import User
from lms.core.readers import SignedInRequest
from lms.core.requests import read_number
from lms.core.show_refusal import RefusalAsMessage, RefusalOnForm

# The button that takes an agreement back.
TAKE_BACK = "take_back"


class TakeBackForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=REASON_LENGTH)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def make_up(request: SignedInRequest, pk: int, enrolment_pk: int) -> HttpResponse:
    """Offer the sessions in which this person can make up for session `pk`; agree, or take back."""
    people = annotate_contacts(Enrolment.objects.visible_to(request.user).counted())
    enrolment = get_object_or_404(
        people.select_related("user", "run__unit", "run__course"), pk=enrolment_pk
    )
    session = get_object_or_404(
        Session.objects.filter(run=enrolment.run_id).select_related("run"), pk=pk
    )
    if not booking.may_agree(enrolment=enrolment, by=request.user):
        raise Http404
    found = MakeUp.objects.agreed().filter(enrolment=enrolment, missed_session=session)
    agreed = found.select_related("session__run__unit").first()
    form = TakeBackForm(request.POST if TAKE_BACK in request.POST else None)
    if request.method == "POST" and TAKE_BACK not in request.POST:
        return _agree(request, enrolment, session)
    if form.is_bound and not agreed:
        messages.info(request, _("It had been taken back already."))
        return redirect("attendance:make_up", pk=pk, enrolment_pk=enrolment_pk)
    if agreed and form.is_valid():
        with RefusalOnForm(form):
            reason, now = form.cleaned_data["reason"], timezone.now()
            booking.take_back_make_up(make_up=agreed, reason=reason, by=request.user, at=now)
            messages.success(request, _("The make-up session has been taken back."))
            return redirect("attendance:make_up", pk=pk, enrolment_pk=enrolment_pk)
    return _page(request, enrolment, session, agreed, form)


def _agree(request: SignedInRequest, enrolment: Enrolment, missed: Session) -> HttpResponse:
    number = read_number(request.POST.get("session", ""))
    # Any session may be named: the rule says which of them discharges this one.
    session = get_object_or_404(Session, pk=number)
    with RefusalAsMessage(request):
        booking.agree_make_up(
            enrolment=enrolment,
            missed=missed,
            session=session,
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("The make-up session has been agreed. Both classes show it."))
    return redirect("attendance:make_up", pk=missed.pk, enrolment_pk=enrolment.pk)


def _page(
    request: SignedInRequest,
    enrolment: Any,
    session: Session,
    agreed: MakeUp | None,
    form: TakeBackForm,
) -> HttpResponse:
    now = timezone.now()
    # Agreed on, but cancelled or attended after all: it can still be taken back.
    moot = describe_offer(agreed.session, now=now) if agreed else ""
    line = missed_of(enrolment=enrolment, at=now).get(session.pk)
    credit = line.credit if line else None
    is_own = enrolment.user_id == request.user.pk
    context = {
        "enrolment": enrolment,
        "run": enrolment.run,
        "session": session,
        "is_own": is_own,
        "when": describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        "missing": describe_minutes(line.missing) if line else "",
        "agreed": describe_make_up(credit, now=now) if credit else moot,
        "is_bound": credit is not None and booking.can_give(credit.make_up, at=now),
        "is_made_up": bool(credit and credit.minutes),
        "offers": _offers(line, enrolment, request.user, now) if line else [],
        "contacts": contacts_of(enrolment) if is_own else [],
        "form": form,
        "take_back": TAKE_BACK,
    }
    return render(request, "attendance/make_up.html", context)


def _offers(
    line: MissedSession, enrolment: Enrolment, reader: User, now: datetime
) -> list[dict[str, Any]]:
    """Return what is offered, with the other classes of the person that meet at the same time."""
    person = User.objects.filter(pk=enrolment.user_id).values("pk")
    # Of no class: the own one, too, may meet at that time.
    clashes = find_clashes(
        run=CourseRun(), periods=line.offers, reader=reader, people=person, trainer_ids=()
    )
    return [
        {
            # Never with a thousands separator.
            "key": str(offer.pk),
            "said": describe_offer(offer, now=now, missing=line.missing),
            "clashes": [
                describe_clash(one)
                for one in clashes
                if one.period is offer and one.kind == ClashKind.TRAINEES
            ],
        }
        for offer in line.offers
    ]
