"""A register that was signed is only corrected: with a reason, by who answers for the unit."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from attendance.domain.hours.deriving import derive_record
from attendance.domain.hours.guests import find_guests, guest_rules, roll_for
from attendance.domain.hours.rules import rules_of_held
from attendance.domain.register.foresight import complete_entries, foresee_marks
from attendance.domain.register.sign_off import may_confirm
from attendance.domain.roll.late_marks import is_signed
from attendance.domain.roll.mark_limits import require_within
from attendance.domain.roll.recording import RollEntry, lock_session, make_mark, record_roll_call
from attendance.enums import AttendanceStatus, MarkMethod, WalkInState
from attendance.models import (
    AttendanceMark,
    AttendanceRecord,
    LateMark,
    Session,
    UnmatchedWalkIn,
    whole_minutes,
)
from courses.models import CourseRun
from lms.accounts.models import User
from lms.core.refusal import Refusal


@dataclass(frozen=True)
class CorrectionEffect:
    """What a correction would do. Minutes before are None where nothing was noted; `says_same`:
    nothing, since that is noted already.
    """

    minutes_before: int | None
    minutes_after: int
    completes: bool
    withdraws: bool
    says_same: bool = False


def corrections_of(run: CourseRun) -> QuerySet[AttendanceMark]:
    """Return what was corrected in the class after it was signed, the last first."""
    marks = AttendanceMark.objects.filter(session__run=run, method=MarkMethod.AFTER_SIGN_OFF)
    return marks.select_related("session", "enrolment__user", "marked_by").order_by("-pk")


def late_marks_of(run: CourseRun) -> QuerySet[LateMark]:
    """Return marks that came after the signature and wait for a decision, the first first."""
    waiting = LateMark.objects.waiting().filter(session__run=run)
    return waiting.select_related("session", "enrolment__user", "noted_by")


def named_alone_in(run: CourseRun) -> QuerySet[UnmatchedWalkIn]:
    """Return who was noted by name in the class and what became of each, the first first; not
    what was taken back at once.
    """
    lines = UnmatchedWalkIn.objects.filter(session__run=run, session__cancelled_at=None)
    undone = Q(state=WalkInState.DISMISSED, decided_by=F("noted_by"))
    return lines.exclude(undone).select_related("session", "decided_by")


def correction_effect(
    *, session: Session, entry: RollEntry, by: User, at: datetime
) -> CorrectionEffect:
    """Return what `correct_signed` would do; nothing stays written and nobody is told.

    Raises Refusal `not_corrector`, `not_signed`, and those of `require_within`.
    """
    with transaction.atomic():
        held = lock_session(session)
        _require_corrector(held, by)
        (entry,) = complete_entries([entry], session=held)
        _status, late, left_early = entry.statement
        length = whole_minutes(held.starts_at, held.ends_at)
        require_within(minutes=length, late=late, left_early=left_early)
        records = AttendanceRecord.objects.select_related("mark")
        before = records.filter(session=held, enrolment=entry.enrolment_id).first()
        reasoned = replace(entry, reason=entry.reason or "-")
        mark = make_mark(
            reasoned, session=held, by=by, at=at, device="", method=MarkMethod.AFTER_SIGN_OFF
        )
        of_guests = guest_rules(find_guests([held]))
        rules = of_guests.get(entry.enrolment_id, rules_of_held(held))
        after = derive_record(mark=mark, session_minutes=held.minutes, rules=rules)
        effect = foresee_marks(
            entries_of={held: [reasoned]}, by=by, at=at, method=MarkMethod.AFTER_SIGN_OFF
        )
    return CorrectionEffect(
        minutes_before=before.minutes if before else None,
        minutes_after=after.minutes,
        completes=bool(effect.completing),
        withdraws=bool(effect.losing),
        says_same=before is not None and before.mark.statement == entry.statement,
    )


@transaction.atomic
def correct_signed(*, session: Session, entry: RollEntry, by: User, at: datetime) -> bool:
    """Note something else in a session that was signed; False where that is noted already.

    Raises Refusal `not_corrector`, `not_signed`, `reason_required`, and what `record_roll_call`
    refuses of an entry.
    """
    held = lock_session(session)
    _require_corrector(held, by)
    if not entry.reason.strip():
        raise Refusal(
            "reason_required",
            _("Please give the reason: the register of this session was signed."),
            field="reason",
        )
    result = record_roll_call(
        session=held,
        entries=[entry],
        by=by,
        at=at,
        among=roll_for(by, session=held),
        method=MarkMethod.AFTER_SIGN_OFF,
    )
    for refusal in result.refused.values():
        raise refusal
    return not result.unchanged


@transaction.atomic
def decide_late_mark(*, late_mark: LateMark, confirm: bool, by: User, at: datetime) -> None:
    """Confirm a mark that came late, as a correction, or dismiss it.

    The first decision stands: the same again changes nothing, another raises Refusal
    `already_decided`. Also `not_corrector`, and what `correct_signed` refuses.
    """
    # The session first, in the order in which the roll locks.
    session = lock_session(late_mark.session)
    _require_corrector(session, by)
    held = LateMark.objects.select_for_update(no_key=True).get(pk=late_mark.pk)
    if held.is_confirmed is not None:
        if held.is_confirmed != confirm:
            raise Refusal("already_decided", _("Somebody else has decided this in the meantime."))
        return
    if confirm:
        entry = RollEntry(
            enrolment_id=held.enrolment_id,
            status=AttendanceStatus(held.status),
            client_id=uuid.uuid4(),
            minutes_late=held.minutes_late,
            minutes_left_early=held.minutes_left_early,
            reason=held.reason or _("Noted before the register was signed, received after it."),
        )
        correct_signed(session=session, entry=entry, by=by, at=at)
    held.is_confirmed, held.decided_by, held.decided_at = confirm, by, at
    held.save(update_fields=["is_confirmed", "decided_by", "decided_at"])


def _require_corrector(session: Session, by: User) -> None:
    if not may_confirm(run=session.run, by=by):
        raise Refusal(
            "not_corrector",
            _("Only the coordinator of the unit may correct a register that was signed."),
        )
    if not is_signed(session):
        raise Refusal("not_signed", _("This session is not signed yet: correct it on the roll."))
