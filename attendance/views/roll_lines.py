"""The small address of a roll: notes the lines a phone sends, tells what changed since."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from attendance.domain.roll.changes import RollChange, changes_since, count_statuses
from attendance.domain.roll.recording import RollCallResult
from attendance.domain.roll.slips import slip_seconds
from attendance.domain.roll.undo import undo_own_marks
from attendance.domain.wording import describe_noted
from attendance.forms.roll_batch import RollBatch, read_batch
from attendance.models import Session
from attendance.views.roll_saving import describe_kept, save_entries
from lms.accounts.models import User
from lms.core.readers import SignedInRequest
from lms.core.refusal import CatchRefusal, Refusal
from lms.core.requests import read_number


@never_cache
@require_http_methods(["GET", "POST"])
def roll_lines(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer with the lines that changed after the mark `since`, and the counts.

    POST notes marks first (`read_batch` says what it reads): the answer then tells what became of
    each; own marks that are to be undone are taken back before. Sent again they change nothing. A
    refusal of everything is `{code, message}` with 400 (unreadable), 401 (signed out) or 409 (a
    rule says no).
    """
    if not request.user.is_authenticated:
        message = _("You are logged out. Log in again; what is unsent is kept on this phone.")
        return _refuse(Refusal("signed_out", message), HTTPStatus.UNAUTHORIZED)
    if request.method == "GET":
        return JsonResponse(_changes(request, _get_session(request, pk), _since(request)))
    with CatchRefusal() as read:
        batch = read_batch(_body_of(request))
    if read.refusal:
        return _refuse(read.refusal, HTTPStatus.BAD_REQUEST)
    with CatchRefusal() as asked:
        session, result = _save(request, pk, batch)
    if asked.refusal and asked.refusal.code == "session_gone":
        raise Http404
    if asked.refusal:
        return _refuse(asked.refusal, HTTPStatus.CONFLICT)
    return JsonResponse(_outcome(result, batch) | _changes(request, session, batch.since))


def _body_of(request: HttpRequest) -> bytes:
    """Return what was sent; nothing for a form, which has been read as such already."""
    try:
        return request.body
    except RawPostDataException:
        return b""


def _get_session(request: SignedInRequest, pk: int) -> Session:
    return get_object_or_404(Session.objects.on_roll_of(request.user), pk=pk)


def _save(request: SignedInRequest, pk: int, batch: RollBatch) -> tuple[Session, RollCallResult]:
    """Note what was sent in the session, which is read once: as it is held.

    Raise the Refusal `other_person` when somebody else has logged in on the same phone.
    """
    if batch.reader_id != request.user.pk:
        message = _(
            "Somebody else has logged in on this phone. What was noted before waits until that "
            "person logs in again."
        )
        raise Refusal("other_person", message)
    session = Session(pk=pk)
    if batch.undone:
        session = _get_session(request, pk)
        undo_own_marks(session=session, client_ids=batch.undone, by=request.user, at=timezone.now())
    return save_entries(
        request,
        session=session,
        entries=batch.entries_of,
        is_known_early=batch.is_known_early,
    )


def _outcome(result: RollCallResult, batch: RollBatch) -> dict[str, Any]:
    refused = {**batch.refused, **result.refused}
    return {
        "saved": result.saved,
        "corrected": result.corrected,
        "message": describe_kept(result),
        "unchanged": result.unchanged,
        "kept": result.kept,
        "refused": {
            pk: {"code": refusal.code, "message": refusal.message}
            for pk, refusal in refused.items()
        },
    }


def _changes(request: SignedInRequest, session: Session, since: int) -> dict[str, Any]:
    changes = changes_since(session=session, reader=request.user, last_mark_id=since)
    now = timezone.now()
    return {
        "lines": [_line(one, request.user, session.starts_at, now) for one in changes],
        "counts": count_statuses(session=session, reader=request.user),
        "since": max([since, *(change.mark_id for change in changes)]),
    }


def _line(change: RollChange, reader: User, starts_at: datetime, now: datetime) -> dict[str, Any]:
    is_mine = change.noted_by_id == reader.pk
    return {
        "enrolment": change.enrolment_id,
        "status": change.status,
        "minutes_late": change.minutes_late,
        "mine": is_mine,
        "slip": slip_seconds(
            noted_by_id=change.noted_by_id, noted_at=change.noted_at, by=reader, at=now
        ),
        "noted": describe_noted(
            name="" if is_mine else change.noted_by,
            noted_at=change.noted_at,
            starts_at=starts_at,
            minutes_left_early=change.minutes_left_early,
        ),
    }


def _since(request: HttpRequest) -> int:
    return read_number(request.GET.get("since", "")) or 0


def _refuse(refusal: Refusal, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"code": refusal.code, "message": refusal.message}, status=status)
