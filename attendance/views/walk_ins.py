"""Whoever comes without being on the list: looked up, enrolled and noted with one tap."""

from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from attendance.domain.roll.late_marks import require_unsigned
from attendance.domain.roll.recording import has_begun, require_begun, require_markable
from attendance.domain.walk_ins.enrolling import (
    MOST_FOUND,
    FoundPerson,
    find_people,
    note_walk_in,
    own_walk_ins,
    undo_walk_in,
)
from attendance.domain.walk_ins.unmatched import dismiss_unmatched, is_own_slip, note_unmatched
from attendance.domain.wording import describe_hours, describe_when
from attendance.forms.unmatched_form import UnmatchedForm
from attendance.models import Session, UnmatchedWalkIn
from attendance.views.roll_saving import describe_kept
from courses.domain.enrolling import require_enrolling
from lms.accounts.models import User
from lms.core.readers import SignedInRequest
from lms.core.refusal import CatchRefusal, Refusal
from lms.core.requests import read_number
from lms.core.show_refusal import RefusalAsMessage

# What the buttons of the page send along.
PERSON, UNDO = "person", "undo"
# Somebody who is not on record is noted by name; that line is taken back.
UNMATCHED, TAKE_BACK = "unmatched", "take_back"
# The tick by which one notes people before the session has begun, as on the roll.
EARLY = "early"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """Look people up on GET; on POST enrol and note the one who was tapped, or undo that."""
    sessions = Session.objects.manageable_by(request.user)
    session = get_object_or_404(sessions.select_related("run__course", "sign_off"), pk=pk)
    with CatchRefusal() as asked:
        require_markable(session=session, at=timezone.now())
        if request.method != "POST":
            require_unsigned(session)
    if asked.refusal:
        return redirect("attendance:roll_call", pk=session.pk)
    if request.method != "POST":
        return _page(request, session, UnmatchedForm())
    form = UnmatchedForm(request.POST if UNMATCHED in request.POST else None)
    with RefusalAsMessage(request) as asked:
        _act(request, session, form)
    if asked.refusal or form.errors:
        return _page(request, session, form)
    return redirect("attendance:walk_in", pk=session.pk)


def _act(request: SignedInRequest, session: Session, form: UnmatchedForm) -> None:
    """Do what the button that was pressed is for."""
    if UNDO in request.POST:
        _undo(request, session)
    elif TAKE_BACK in request.POST:
        _take_back(request, session)
    elif UNMATCHED not in request.POST:
        _note(request, session)
    elif form.is_valid():
        _note_unmatched(request, session, form)


def _note(request: SignedInRequest, session: Session) -> None:
    now, person = timezone.now(), tapped_person(request)
    require_begun(session=session, at=now, is_known_early=EARLY in request.POST)
    came = note_walk_in(
        session=session,
        person=person,
        # The same tap sent twice is one; another person from the same page is another.
        client_id=uuid5(_uuid(request.POST.get("token", "")), f"{session.pk}:{person.pk}"),
        by=request.user,
        at=now,
        device=request.headers.get("User-Agent", ""),
    )
    if came.result.kept:
        messages.warning(request, describe_kept(came.result))
    else:
        text = _("%(name)s is enrolled in the class and noted as present.")
        messages.success(request, text % {"name": person.full_name})


def _note_unmatched(request: SignedInRequest, session: Session, form: UnmatchedForm) -> None:
    now, typed = timezone.now(), form.cleaned_data
    require_begun(session=session, at=now, is_known_early=EARLY in request.POST)
    token = _uuid(request.POST.get("token", ""))
    note_unmatched(
        session=session, client_id=uuid5(token, typed["name"]), by=request.user, at=now, **typed
    )
    text = _("%(name)s is noted by name; the coordinator looks for the record.")
    messages.success(request, text % {"name": typed["name"]})


def _take_back(request: SignedInRequest, session: Session) -> None:
    """Raise Refusal as `dismiss_unmatched` for what is nobody's slip any more."""
    number = read_number(request.POST[TAKE_BACK]) or 0
    line = get_object_or_404(UnmatchedWalkIn, session=session, pk=number)
    dismiss_unmatched(walk_in=line, reason="", by=request.user, at=timezone.now())
    messages.success(request, _("Undone: %(name)s.") % {"name": line.name})


def _undo(request: SignedInRequest, session: Session) -> None:
    """Raise the Refusal `too_late_to_undo` where nothing is left to take back."""
    client_id = _uuid(request.POST[UNDO])
    now = timezone.now()
    undone = undo_walk_in(session=session, client_id=client_id, by=request.user, at=now)
    if undone is None:
        message = _("This can no longer be undone here: change the line on the roll.")
        raise Refusal("too_late_to_undo", message)
    messages.success(request, _("Undone: %(name)s.") % {"name": undone.user.full_name})


def tapped_person(request: SignedInRequest) -> User:
    """Return who was tapped; whether the reader may enrol the person, the rule asks."""
    number = read_number(request.POST.get(PERSON, "")) or 0
    return get_object_or_404(User, pk=number)


def _page(request: SignedInRequest, session: Session, form: UnmatchedForm) -> HttpResponse:
    now = timezone.now()
    asked = request.POST if request.method == "POST" else request.GET
    query = asked.get("q", "").strip()
    found = find_people(session=session, reader=request.user, text=query, at=now) if query else []
    with CatchRefusal() as closed:
        require_enrolling(run=session.run)
    context = {
        "session": session,
        "run": session.run,
        "when": describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        "query": query,
        "found": [found_row(one) for one in found[:MOST_FOUND]],
        "has_more": len(found) > MOST_FOUND,
        "closed": closed.message,
        "token": asked.get("token") or uuid4(),
        "is_early": not has_begun(session=session, at=now),
        "knows_early": EARLY in request.POST,
        "form": form,
        "unmatched": [
            {"line": line, "is_slip": is_own_slip(line, by=request.user, at=now)}
            for line in UnmatchedWalkIn.objects.waiting().filter(session=session)
        ],
        "undoable": own_walk_ins(session=session, by=request.user, at=now),
    }
    return render(request, "attendance/walk_in.html", context)


def found_row(one: FoundPerson) -> dict[str, Any]:
    """Return what `parts/found_person.html` says of one person."""
    return {
        "one": one,
        "key": str(one.person.pk),
        "is_on_roll": one.is_on_roll,
        "learns_elsewhere": one.learns_elsewhere,
        "anchor": f"hoc-vien-{one.enrolment.pk}" if one.enrolment else "",
        "elsewhere": [
            _("At the same hour also in the class “%(class)s” (%(hours)s).")
            % {"class": other.run.title, "hours": describe_hours(other.starts_at, other.ends_at)}
            for other in one.elsewhere
        ],
    }


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
