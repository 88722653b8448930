"""The roll call: one page, one list, one save. Works without JavaScript."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from attendance.domain.roll.late_marks import require_unsigned
from attendance.domain.roll.recording import has_begun, require_markable
from attendance.domain.wording import describe_when
from attendance.enums import AttendanceStatus
from attendance.forms.roll_sheet import RollSheet
from attendance.models import Session, UnmatchedWalkIn
from attendance.views.roll_saving import save_entries, say_saved
from lms.core.readers import SignedInRequest
from lms.core.refusal import CatchRefusal
from lms.core.show_refusal import RefusalAsMessage

# What the buttons of the page ask for.
SAVE, ALL_PRESENT, SEARCH = "save", "all_present", "search"
# The tick by which one takes the roll of a session that has not begun.
EARLY = "early"
# The tick that leaves those without a status alone.
UNMARKED = "unmarked"


# Three hundred lines are half a megabyte of much the same; on a phone that has to be packed.
@gzip_page
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def roll_call(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the roll on GET; save it on POST, or tick or search without losing a choice."""
    sessions = Session.objects.manageable_by(request.user)
    session = get_object_or_404(sessions.select_related("run__course", "sign_off"), pk=pk)
    with CatchRefusal() as asked:
        require_markable(session=session, at=timezone.now())
        if request.method != "POST":
            # What a page sends that was opened before the signature is kept, not refused.
            require_unsigned(session)
    if asked.refusal:
        return _closed(request, session, asked.message)
    if request.method != "POST":
        sheet = RollSheet(session=session, reader=request.user)
        return _page(request, sheet, request.GET)
    sheet = RollSheet(session=session, reader=request.user, data=request.POST)
    action = request.POST.get("action", SAVE)
    if action == SAVE:
        return _save(request, sheet)
    if action == ALL_PRESENT:
        _say_ticked(request, sheet.choose_present())
    return _page(request, sheet, request.POST if action == SEARCH else None)


def _save(request: SignedInRequest, sheet: RollSheet) -> HttpResponse:
    """Save what can be saved; show what is wrong beside its line, or begin anew."""
    errors = sheet.unreadable()
    with RefusalAsMessage(request) as asked:
        _session, result = save_entries(
            request,
            session=sheet.session,
            entries=sheet.entries(),
            is_known_early=EARLY in request.POST,
        )
    if asked.refusal:
        return _page(request, sheet)
    errors |= {pk: error.message for pk, error in result.refused.items()}
    say_saved(request, result)
    if not errors:
        return redirect("attendance:roll_call", pk=sheet.session.pk)
    # Read again: the lines that were saved are now noted.
    sheet = RollSheet(session=sheet.session, reader=request.user, data=request.POST)
    sheet.attach_errors(errors)
    return _page(request, sheet)


def _page(
    request: SignedInRequest, sheet: RollSheet, asked: QueryDict | None = None
) -> HttpResponse:
    session, now = sheet.session, timezone.now()
    asked = asked if asked is not None else QueryDict()
    query, unit, is_unmarked = asked.get("q", ""), asked.get("unit", ""), UNMARKED in asked
    found = sheet.search(query, unit=unit, is_unmarked=is_unmarked)
    counts = sheet.counts
    context = {
        "session": session,
        "run": session.run,
        "when": describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        "is_early": not has_begun(session=session, at=now),
        "knows_early": EARLY in request.POST,
        "sheet": sheet,
        # Plain text once, instead of a translation asked for on every line.
        "choices": [(value, str(label)) for value, label in AttendanceStatus.choices],
        "counts": [
            {"status": status, "label": label, "count": counts[status]}
            for status, label in [*AttendanceStatus.choices, ("", _("Not recorded yet"))]
        ],
        "left": sheet.left,
        "wrong": [line for line in sheet.lines if line.error],
        "query": query,
        "unit": unit,
        "is_unmarked": is_unmarked,
        "is_filtered": bool(query or unit or is_unmarked),
        "found": found,
        "actions": _actions(session),
        "unmatched": UnmatchedWalkIn.objects.waiting().filter(session=session),
    }
    return render(request, "attendance/roll_call.html", context)


def _actions(session: Session) -> list[dict[str, str]]:
    url = reverse("attendance:sign_in_sheet", args=[session.pk])
    label = _("Print the sign-in sheet")
    return [{"label": label, "url": url, "icon": "print", "variant": "quiet"}]


def _closed(request: SignedInRequest, session: Session, reason: str) -> HttpResponse:
    context = {
        "session": session,
        "run": session.run,
        "when": describe_when(
            starts_at=session.starts_at, ends_at=session.ends_at, now=timezone.now()
        ),
        "reason": reason,
    }
    return render(request, "attendance/roll_call_closed.html", context)


def _say_ticked(request: SignedInRequest, count: int) -> None:
    if count:
        text = ngettext(
            "“Present” is ticked for %(count)d person; nothing has been saved yet. Change the "
            "exceptions, then save.",
            "“Present” is ticked for %(count)d people; nothing has been saved yet. Change the "
            "exceptions, then save.",
            count,
        )
        messages.info(request, text % {"count": count})
    else:
        messages.info(request, _("Everybody already has a status."))
