"""Entry from a sheet that was signed on paper: what differs from the roll first, then saved."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from attendance.domain.paper.comparing import keep_paper
from attendance.domain.paper.typed_sheet import (
    Difference,
    PaperMark,
    PaperReading,
    compare_with_roll,
    said_of,
)
from attendance.domain.roll.queries import roll_of
from attendance.domain.roll.recording import require_begun, require_markable
from attendance.domain.wording import describe_when
from attendance.enums import MarkMethod
from attendance.forms.paper_form import PaperForm
from attendance.models import Session
from attendance.views.roll_saving import save_entries, say_saved
from lms.core.readers import SignedInRequest
from lms.core.refusal import CatchRefusal
from lms.core.requests import read_number, sign_of_preview
from lms.core.show_refusal import RefusalAsMessage

# What was looked at: anything else is shown before it is saved.
SEEN = "seen"
# Of whom the roll is right and not the sheet.
STANDS = "stands"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper_entry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what a signed sheet changes in the roll of a session; save it once that was seen."""
    sessions = Session.objects.manageable_by(request.user)
    session = get_object_or_404(sessions.select_related("run__course"), pk=pk)
    now = timezone.now()
    with CatchRefusal() as asked:
        require_markable(session=session, at=now)
        require_begun(session=session, at=now, is_known_early=False)
    if asked.refusal:
        return redirect("attendance:roll_call", pk=session.pk)
    people = list(roll_of(session=session, reader=request.user))
    if request.method != "POST":
        return _page(request, session, PaperForm(), people)
    form = PaperForm(request.POST)
    if not form.is_valid():
        return _page(request, session, form, people)
    reading = form.read(count=len(people))
    differences = compare_with_roll(reading, people)
    said = said_of(reading, people)
    is_seen = request.POST.get(SEEN) == _sign(said, differences)
    if is_seen and not reading.refused and _saves(request, session, form, said, differences):
        return redirect("attendance:paper_differences", pk=session.pk)
    return _page(request, session, form, people, reading=reading, differences=differences)


def _saves(
    request: SignedInRequest,
    session: Session,
    form: PaperForm,
    said: dict[int, PaperMark],
    differences: list[Difference],
) -> bool:
    """Keep what the sheet says and note what differs, but where the roll is to stand; return
    whether all of it could be.
    """
    stands = {read_number(text) for text in request.POST.getlist(STANDS)}
    noted = [one for one in differences if one.enrolment.pk not in stands]
    with RefusalAsMessage(request) as asked, transaction.atomic():
        keep_paper(session=session, said=said, by=request.user, at=timezone.now())
        _session, result = save_entries(
            request,
            session=session,
            entries=[form.entry(one.enrolment, one.mark) for one in noted],
            is_known_early=False,
            method=MarkMethod.PAPER,
        )
    if asked.refusal:
        return False
    if noted:
        say_saved(request, result)
    else:
        messages.success(request, _("What the sheet says has been kept beside the roll."))
    names = {one.enrolment.pk: one.enrolment.user.full_name for one in differences}
    for pk, refusal in result.refused.items():
        form.add_error(None, f"{names[pk]}: {refusal.message}")
    return not result.refused


def _page(
    request: SignedInRequest,
    session: Session,
    form: PaperForm,
    people: list[Any],
    *,
    reading: PaperReading | None = None,
    differences: list[Difference] | None = None,
) -> HttpResponse:
    said = said_of(reading, people) if reading else {}
    for refusal in reading.refused if reading else ():
        form.add_error("marks", refusal.message)
    context = {
        "session": session,
        "run": session.run,
        "when": describe_when(
            starts_at=session.starts_at, ends_at=session.ends_at, now=timezone.now()
        ),
        "form": form,
        "people": people,
        "papers": list(session.papers.in_use()),
        "differences": differences,
        "exceptions": [one for one in differences or () if not one.is_plain],
        "signed": [one for one in differences or () if one.is_plain],
        "can_save": bool(said) and not (reading and reading.refused),
        "seen": _sign(said, differences or []),
    }
    return render(request, "attendance/paper_entry.html", context)


def _sign(said: dict[int, PaperMark], differences: list[Difference]) -> str:
    """Return a sign of what is shown: somebody who joins meanwhile moves the numbers."""
    return sign_of_preview(
        *said.items(),
        *((one.number, one.enrolment.pk, one.noted, one.mark) for one in differences),
    )
