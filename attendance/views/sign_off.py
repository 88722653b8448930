"""The register of a class: signed session by session, then as a whole, confirmed, corrected."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendance.domain.hours.guests import roll_for
from attendance.domain.paper.comparing import PaperCount, paper_counts
from attendance.domain.register import corrections, sign_off
from attendance.domain.roll.late_marks import signature_of
from attendance.domain.roll.queries import with_figures
from attendance.domain.wording import describe_when
from attendance.forms.correction_form import CorrectionForm, values_of
from attendance.forms.two_buttons import read_decision
from attendance.models import AttendanceRecord, LateMark, RunSignOff, Session, UnmatchedWalkIn
from attendance.panels import session_line
from courses.models import CourseRun, Enrolment
from courses.permissions import may_manage
from lms.core.readers import SignedInRequest
from lms.core.refusal import CatchRefusal
from lms.core.requests import read_number, sign_of_preview
from lms.core.show_refusal import RefusalAsMessage, RefusalOnForm

# The button that saves a correction whose effect was shown.
SAVE = "save"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what would be signed, with the people about whom nothing is noted; sign on POST."""
    rows = Session.objects.manageable_by(request.user)
    session = get_object_or_404(with_figures(rows, reader=request.user), pk=pk)
    absent = (read_number(text) for text in request.POST.getlist("absent"))
    ticked = {number for number in absent if number}
    if request.method == "POST":
        with RefusalAsMessage(request):
            sign_off.sign_session(
                session=session, by=request.user, at=timezone.now(), absent=ticked
            )
            messages.success(request, _("The register of the session has been signed."))
            return redirect("attendance:run_register", pk=session.run_id)
    left = sign_off.people_without_mark(session).filter(
        pk__in=roll_for(request.user, session=session).values("pk")
    )
    context = {
        "session": session,
        "run": session.run,
        "line": session_line(session, run=session.run),
        "is_over": session.ends_at <= timezone.now(),
        "left": left,
        "ticked": ticked,
        "signed": signature_of(session),
        "paper": paper_counts(sessions=[session], reader=request.user).get(session.pk),
        "unmatched": UnmatchedWalkIn.objects.waiting().filter(session=session),
    }
    return render(request, "attendance/session_sign.html", context)


@login_required
@require_safe
def run_register(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what is signed of a class, what was corrected since, and what waits."""
    run = get_object_or_404(
        CourseRun.objects.watched_by(request.user).select_related("unit"), pk=pk
    )
    sessions = Session.objects.filter(run=run, cancelled_at=None).order_by("starts_at")
    figures = with_figures(sessions, reader=request.user)
    shown = list(figures.select_related("sign_off__signed_by"))
    visible = Enrolment.objects.visible_to(request.user)
    signed = RunSignOff.objects.filter(run=run).select_related("signed_by", "confirmed_by").first()
    papers = paper_counts(sessions=shown, reader=request.user)
    with CatchRefusal() as undecided:
        sign_off.require_all_decided(run=run, by=request.user)
    lines = [_register_line(session, run, papers.get(session.pk)) for session in shown]
    context = {
        "run": run,
        "lines": lines,
        "signed": signed,
        "manages": may_manage(request.user, run),
        "undecided": undecided.message,
        "named_alone": corrections.named_alone_in(run),
        "may_correct": sign_off.may_confirm(run=run, by=request.user),
        "all_signed": bool(lines) and all(line["signed"] for line in lines),
        "late_marks": corrections.late_marks_of(run).filter(enrolment__in=visible),
        "corrections": corrections.corrections_of(run).filter(enrolment__in=visible),
    }
    return render(request, "attendance/run_register.html", context)


@login_required
@require_POST
def run_sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sign the class as a whole."""
    run = get_object_or_404(CourseRun.objects.manageable_by(request.user), pk=pk)
    with RefusalAsMessage(request):
        sign_off.sign_run(run=run, by=request.user, at=timezone.now())
        messages.success(request, _("The register of the class has been signed."))
    return redirect("attendance:run_register", pk=run.pk)


@login_required
@require_POST
def run_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm the signed class for its unit."""
    run = get_object_or_404(CourseRun.objects.watched_by(request.user), pk=pk)
    with RefusalAsMessage(request):
        sign_off.confirm_run(run=run, by=request.user, at=timezone.now())
        messages.success(request, _("The class has been confirmed."))
    return redirect("attendance:run_register", pk=run.pk)


@login_required
@require_POST
def late_mark(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm or dismiss a mark that came after the signature."""
    marks = LateMark.objects.filter(enrolment__in=Enrolment.objects.visible_to(request.user))
    late = get_object_or_404(marks.select_related("session"), pk=pk)
    with RefusalAsMessage(request):
        confirm = read_decision(request.POST.get("decision", ""), yes="confirm", no="dismiss")
        corrections.decide_late_mark(
            late_mark=late, confirm=confirm, by=request.user, at=timezone.now()
        )
        done = _("The mark counts now.") if confirm else _("The mark was dismissed.")
        messages.success(request, done)
    return redirect("attendance:run_register", pk=late.session.run_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_correct(request: SignedInRequest, pk: int, enrolment_pk: int) -> HttpResponse:
    """Correct one line of a signed session: first what it would do, then the correction."""
    rows = Session.objects.manageable_by(request.user).select_related("run__unit", "sign_off")
    session = get_object_or_404(rows, pk=pk)
    people = roll_for(request.user, session=session).counted()
    enrolment = get_object_or_404(people.select_related("user"), pk=enrolment_pk)
    records = AttendanceRecord.objects.select_related("mark")
    record = records.filter(session=session, enrolment=enrolment).first()
    form = CorrectionForm(request.POST or None, initial=values_of(record))
    effect, seen = None, ""
    if request.method == "POST" and form.is_valid():
        entry, by, now = form.entry(enrolment.pk), request.user, timezone.now()
        with RefusalOnForm(form):
            effect = corrections.correction_effect(session=session, entry=entry, by=by, at=now)
            seen = sign_of_preview(entry.statement, effect)
            if request.POST.get(SAVE) == seen:
                corrections.correct_signed(session=session, entry=entry, by=by, at=now)
                messages.success(request, _("The correction has been saved."))
                return redirect("attendance:run_register", pk=session.run_id)
    context = {
        "session": session,
        "run": session.run,
        "enrolment": enrolment,
        "record": record,
        "form": form,
        "effect": effect,
        "save": SAVE,
        "seen": seen,
        "when": describe_when(
            starts_at=session.starts_at, ends_at=session.ends_at, now=timezone.now()
        ),
    }
    return render(request, "attendance/session_correct.html", context)


def _register_line(session: Any, run: CourseRun, paper: PaperCount | None) -> dict[str, Any]:
    return {
        **session_line(session, run=run),
        "signed": signature_of(session),
        "is_over": session.ends_at <= timezone.now(),
        "paper": paper,
    }
