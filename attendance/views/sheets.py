"""Sign-in sheets and cards: printed for a session or a class, and found by the code on them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from attendance.domain.paper.sheet_codes import read_sheet_code
from attendance.domain.paper.sign_in_sheet import render_sign_in_sheet
from attendance.domain.paper.trainee_cards import read_card_code, render_trainee_cards
from attendance.models import Session
from courses.models import CourseRun, Enrolment
from lms.core.readers import SignedInRequest
from lms.core.text import slug
from lms.spreadsheets.about import About
from lms.spreadsheets.handout import log_export

FILE_NAME = "phieu-ky-ten"
CARDS_NAME = "the-hoc-vien"


@login_required
@require_safe
def sign_in_sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send the sheet as PDF; the history of whoever printed it tells so."""
    sessions = Session.objects.manageable_by(request.user).taking_place()
    session = get_object_or_404(sessions.select_related("run__unit"), pk=pk)
    pdf, people = render_sign_in_sheet(session=session, reader=request.user, at=timezone.now())
    day = timezone.localdate(session.starts_at).isoformat()
    log_export(
        by=request.user,
        list_name=FILE_NAME,
        file_format="pdf",
        about=About({"run": session.run.code, "session": f"{session.title}, {day}"}),
        title=_("Sign-in sheet"),
        rows=people,
    )
    return _pdf(pdf, name=f"{FILE_NAME}-{slug(session.run.code)}-{day}")


@login_required
@require_safe
def sheet(request: SignedInRequest, code: str) -> HttpResponse:
    """Lead from the code on a sheet to the roll of its session."""
    session_id = read_sheet_code(code)
    if session_id is None:
        raise Http404
    session = get_object_or_404(Session.objects.manageable_by(request.user), pk=session_id)
    return redirect("attendance:roll_call", pk=session.pk)


@login_required
@require_safe
def run_cards(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send a card for each trainee of the class as PDF; the history tells who printed them."""
    run = get_object_or_404(CourseRun.objects.manageable_by(request.user), pk=pk)
    pdf, people = render_trainee_cards(run=run, reader=request.user)
    if not people:
        messages.info(request, _("Nobody is enrolled in this class yet."))
        return redirect("courses:run_detail", pk=run.pk)
    log_export(
        by=request.user,
        list_name=CARDS_NAME,
        file_format="pdf",
        about=About(filters={"run": run.code}),
        title=_("Cards of trainees"),
        rows=people,
    )
    return _pdf(pdf, name=f"{CARDS_NAME}-{slug(run.code)}")


@login_required
@require_safe
def card(request: SignedInRequest, code: str) -> HttpResponse:
    """Lead from the code on a card to the trainee in the class, for those who teach it."""
    enrolments = Enrolment.objects.visible_to(request.user)
    mine = enrolments.filter(run__in=CourseRun.objects.manageable_by(request.user))
    enrolment = get_object_or_404(mine, pk=read_card_code(code) or 0)
    return redirect("courses:enrolment_detail", pk=enrolment.run_id, enrolment_pk=enrolment.pk)


def _pdf(pdf: bytes, *, name: str) -> HttpResponse:
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )
