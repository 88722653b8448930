"""Sign-in sheets: printed for a session, and found again by the code on the paper."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from attendance.domain.sheet_codes import read_sheet_code
from attendance.domain.sign_in_sheet import render_sign_in_sheet
from attendance.models import Session
from lms.core.readers import SignedInRequest
from lms.core.text import slug
from lms.spreadsheets.handout import log_export

FILE_NAME = "phieu-ky-ten"


@login_required
@never_cache
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
        filters={"run": session.run.code, "session": f"{session.title}, {day}"},
        rows=people,
    )
    name = f"{FILE_NAME}-{slug(session.run.code)}-{day}"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )


@login_required
@require_safe
def sheet(request: SignedInRequest, code: str) -> HttpResponse:
    """Lead from the code on a sheet to the roll of its session."""
    session_id = read_sheet_code(code)
    if session_id is None:
        raise Http404
    session = get_object_or_404(Session.objects.manageable_by(request.user), pk=session_id)
    return redirect("attendance:roll_call", pk=session.pk)
