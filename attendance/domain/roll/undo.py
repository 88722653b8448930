"""Marks that are undone: nothing is deleted, a further mark says what counts again."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.hours.deriving import settle_marks
from attendance.domain.hours.guests import evaluate_with_guests, find_guests
from attendance.domain.hours.rules import rules_of_held
from attendance.domain.roll.late_marks import is_signed
from attendance.domain.roll.recording import lock_session, require_markable
from attendance.domain.roll.slips import SLIP_WINDOW
from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord, Session
from lms.accounts.models import User

# Why a mark stays: something was noted after it.
NOTED_SINCE = gettext_lazy("Attendance has been recorded again since.")


@dataclass(frozen=True)
class MarkToUndo:
    """A mark that was added, and what had been noted before it; None for nothing."""

    mark_id: int
    status: AttendanceStatus | None
    minutes_late: int = 0
    minutes_left_early: int = 0


def take_back_marks(
    *, noted: Sequence[MarkToUndo], why: str, by: User, at: datetime
) -> dict[int, str]:
    """Let what was noted before these marks count again; by mark id why one was left.

    A mark that something was noted after is left, and so are those of a session that was signed.
    The number of queries grows with the sessions, not with the marks. The caller holds the
    transaction.
    """
    before = {one.mark_id: one for one in noted}
    by_session: dict[int, list[AttendanceMark]] = defaultdict(list)
    for mark in AttendanceMark.objects.filter(pk__in=before).order_by("session", "pk"):
        by_session[mark.session_id].append(mark)
    left: dict[int, str] = {}
    for session in Session.objects.filter(pk__in=by_session).order_by("pk"):
        held = lock_session(session)
        left |= _take_back(held, by_session[session.pk], before, by=by, at=at, why=why)
    return left


@transaction.atomic
def undo_own_marks(
    *, session: Session, client_ids: Collection[UUID], by: User, at: datetime
) -> list[int]:
    """Take back what `by` has just tapped; returns the enrolments of which the mark was taken.

    For `SLIP_WINDOW`; an older mark, one of somebody else, or one that something was noted after
    is left, so the same undo sent again changes nothing. Raises Refusal as `record_roll_call`.
    """
    held = lock_session(session)
    require_markable(session=held, at=at)
    own = AttendanceMark.objects.filter(
        session=held, client_id__in=client_ids, marked_by=by, marked_at__gte=at - SLIP_WINDOW
    )
    marks = list(own.exclude(method=MarkMethod.TAKEN_BACK).order_by("pk"))
    before = {mark.pk: MarkToUndo(mark.pk, None) for mark in marks}
    undone = {mark.enrolment_id: mark.pk for mark in marks}
    earlier = AttendanceMark.objects.filter(session=held, enrolment__in=undone).order_by("pk")
    for one in earlier:
        mark_id = undone[one.enrolment_id]
        if one.pk < mark_id:
            stands = one.method != MarkMethod.TAKEN_BACK
            status = AttendanceStatus(one.status) if stands else None
            before[mark_id] = MarkToUndo(mark_id, status, one.minutes_late, one.minutes_left_early)
    left = _take_back(held, marks, before, by=by, at=at, why=_("Undone at once."))
    return [mark.enrolment_id for mark in marks if mark.pk not in left]


def _take_back(
    session: Session,
    marks: list[AttendanceMark],
    before: dict[int, MarkToUndo],
    *,
    by: User,
    at: datetime,
    why: str,
) -> dict[int, str]:
    last = dict(
        AttendanceMark.objects.filter(
            session=session, enrolment__in=[m.enrolment_id for m in marks]
        )
        .values_list("enrolment_id")
        .annotate(last=Max("pk"))
    )
    if is_signed(session):
        return {mark.pk: _("The register of the session was signed since.") for mark in marks}
    left = {mark.pk: str(NOTED_SINCE) for mark in marks if last[mark.enrolment_id] != mark.pk}
    added = AttendanceMark.objects.bulk_create(
        _further(mark, before[mark.pk], by=by, at=at, why=why)
        for mark in marks
        if mark.pk not in left
    )
    ids = [mark.enrolment_id for mark in added]
    guests = {pk: run_id for pk, run_id in find_guests([session]).items() if pk in ids}
    _settle(session, added, guests)
    evaluate_with_guests(run=session.run, guests=guests, enrolment_ids=ids, at=at)
    return left


def _further(
    mark: AttendanceMark, before: MarkToUndo, *, by: User, at: datetime, why: str
) -> AttendanceMark:
    corrects = before.status is not None
    return AttendanceMark(
        session_id=mark.session_id,
        enrolment_id=mark.enrolment_id,
        status=before.status or mark.status,
        minutes_late=before.minutes_late if corrects else mark.minutes_late,
        minutes_left_early=before.minutes_left_early if corrects else mark.minutes_left_early,
        method=MarkMethod.CORRECTION if corrects else MarkMethod.TAKEN_BACK,
        reason=why,
        marked_by=by,
        marked_at=at,
        client_id=uuid.uuid4(),
    )


def _settle(session: Session, marks: list[AttendanceMark], guests: Mapping[int, int]) -> None:
    gone = [mark.enrolment_id for mark in marks if mark.method == MarkMethod.TAKEN_BACK]
    AttendanceRecord.objects.filter(session=session, enrolment__in=gone).delete()
    stays = [mark for mark in marks if mark.method != MarkMethod.TAKEN_BACK]
    settle_marks(marks=stays, session=session, rules=rules_of_held(session), guests=guests)
