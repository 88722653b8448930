"""Make-ups: a session missed in the own class is discharged in one that teaches the same module."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.domain.hours.guests import evaluate_with_guests
from attendance.domain.hours.rules import rules_of
from attendance.domain.roll.late_marks import require_unsigned
from attendance.domain.roll.recording import REASON_LENGTH, lock_session
from attendance.domain.roll.undo import MarkToUndo, take_back_marks
from attendance.domain.session_state import is_cancelled
from attendance.models import AttendanceRecord, MakeUp, Session
from courses.enums import COUNTED_STATUSES
from courses.models import Enrolment
from courses.permissions import may_manage
from lms.accounts.models import User
from lms.core.display import vi_date
from lms.core.refusal import Refusal
from lms.core.text import nfc


def may_agree(*, enrolment: Enrolment, by: User) -> bool:
    """Return whether this person may agree and take back: the trainee, and who keeps the own class."""
    return enrolment.user_id == by.pk or may_manage(by, enrolment.run)


def last_moment(*, missed: Session, days: int) -> datetime:
    """Return until when a make-up session may begin: the end of that day."""
    day = timezone.localtime(missed.ends_at) + timedelta(days=days)
    return day.replace(hour=23, minute=59, second=59, microsecond=0)


def fits(*, missed: Session, session: Session, days: int) -> bool:
    """Return whether the session of another class teaches what was missed, within these days.

    After the missed one began: what somebody has heard before was not missed.
    """
    teaches = missed.module_id is not None and missed.module_id == session.module_id
    return teaches and is_within(missed=missed, session=session, days=days)


def is_within(*, missed: Session, session: Session, days: int) -> bool:
    return missed.starts_at < session.starts_at <= last_moment(missed=missed, days=days)


def missing_minutes(*, enrolment: Enrolment, missed: Session, at: datetime) -> int:
    """Return what the person lacks of a session of the own class: of one that is over all of it
    while nothing is noted; of one to come what is known to be missed, by an excuse.
    """
    record = AttendanceRecord.objects.filter(session=missed, enrolment=enrolment).first()
    if record is None:
        return missed.minutes if missed.ends_at <= at else 0
    return max(missed.minutes - record.minutes - record.minutes_waived, 0)


@transaction.atomic
def agree_make_up(
    *, enrolment: Enrolment, missed: Session, session: Session, by: User, at: datetime
) -> MakeUp:
    """Let a person make up for a missed session in that of another class; a repeat returns what
    was agreed before.

    One that can give nothing any more, as its session was cancelled or missed too, is replaced.
    Raises Refusal `session_gone`, `not_agreer`, and what `_require_open`, `_require_fit` refuse.
    """
    held = lock_session(session)
    person = Enrolment.objects.select_for_update(of=("self",), no_key=True).select_related("run")
    own = person.get(pk=enrolment.pk)
    if not may_agree(enrolment=own, by=by):
        raise Refusal(
            "not_agreer", _("Only the trainee and the trainers of the class may do that.")
        )
    standing = MakeUp.objects.agreed().filter(enrolment=own, missed_session=missed)
    known = standing.select_related("session__run").first()
    if known is not None and known.session_id == held.pk:
        return known
    _require_open(enrolment=own, missed=missed, at=at)
    _require_fit(enrolment=own, missed=missed, session=held, at=at)
    if known is not None:
        _replace(known, by=by, at=at)
    made = MakeUp.objects.create(
        enrolment=own, missed_session=missed, session=held, agreed_by=by, agreed_at=at
    )
    evaluate_with_guests(run=own.run, guests={}, enrolment_ids=[own.pk], at=at)
    return made


@transaction.atomic
def take_back_make_up(*, make_up: MakeUp, reason: str, by: User, at: datetime) -> None:
    """Take an agreement back, with a reason; a repeat changes nothing.

    Raises Refusal `not_agreer`, `reason_required`, and `made_up` once hours were attended: what
    was noted is corrected in its register.
    """
    lock_session(make_up.session)
    held = (
        MakeUp.objects.select_for_update(of=("self",), no_key=True)
        .select_related("enrolment__run")
        .get(pk=make_up.pk)
    )
    own = held.enrolment
    if not may_agree(enrolment=own, by=by):
        raise Refusal(
            "not_agreer", _("Only the trainee and the trainers of the class may do that.")
        )
    if held.taken_back_at:
        return
    if _attended(held):
        raise Refusal(
            "made_up", _("The make-up session has been attended, so it cannot be taken back.")
        )
    if not (text := nfc(reason).strip()):
        raise Refusal("reason_required", _("Please write the reason."), field="reason")
    _end(held, reason=text[:REASON_LENGTH], by=by, at=at)
    evaluate_with_guests(run=own.run, guests={}, enrolment_ids=[own.pk], at=at)


def _require_open(*, enrolment: Enrolment, missed: Session, at: datetime) -> None:
    """Refuse what the own class does not allow: `withdrawn`, `session_cancelled`,
    `make_up_not_allowed`, `nothing_missed`.
    """
    if enrolment.status not in COUNTED_STATUSES:
        raise Refusal("withdrawn", _("This person has withdrawn from this class."))
    if missed.run_id != enrolment.run_id or is_cancelled(missed):
        raise Refusal(
            "session_cancelled", _("This session does not take place: nobody is missed in it.")
        )
    if not rules_of(enrolment.run).make_up_days:
        raise Refusal("make_up_not_allowed", _("This class does not let sessions be made up for."))
    if not missing_minutes(enrolment=enrolment, missed=missed, at=at):
        raise Refusal("nothing_missed", _("Nothing of this session is missing."))


def _require_fit(*, enrolment: Enrolment, missed: Session, session: Session, at: datetime) -> None:
    """Refuse a session that does not discharge the missed one: `make_up_cancelled`,
    `session_signed`, `other_module`, `own_session`, `outside_window`.
    """
    if is_cancelled(session):
        raise Refusal("make_up_cancelled", _("That session does not take place."))
    require_unsigned(session)
    if missed.module_id is None or session.module_id != missed.module_id:
        raise Refusal("other_module", _("That session does not teach the same module."))
    _require_foreign(enrolment, session)
    days = rules_of(enrolment.run).make_up_days
    if not is_within(missed=missed, session=session, days=days):
        last = vi_date(last_moment(missed=missed, days=days))
        raise Refusal(
            "outside_window",
            _("The make-up session has to be after the missed one, on %(day)s at the latest.")
            % {"day": last},
        )


def _require_foreign(enrolment: Enrolment, session: Session) -> None:
    """Refuse a session whose hours the person has anyhow: of a class of his or her own, or one in
    which something else is made up for.
    """
    classes = Enrolment.objects.counted().filter(user=enrolment.user_id, run=session.run_id)
    guests = MakeUp.objects.agreed().filter(session=session, enrolment__user=enrolment.user_id)
    if classes.exists() or guests.exists():
        raise Refusal(
            "own_session", _("That session is expected of the person already: it counts once.")
        )


def can_give(make_up: MakeUp, *, at: datetime) -> bool:
    """Return whether the agreement gives hours or still may; one that cannot may be replaced."""
    is_over = make_up.session.ends_at <= at
    return not is_cancelled(make_up.session) and (not is_over or _attended(make_up))


def _replace(make_up: MakeUp, *, by: User, at: datetime) -> None:
    """End an agreement that can give nothing any more; refuse `already_agreed` while it can."""
    if can_give(make_up, at=at):
        raise Refusal(
            "already_agreed",
            _("Another make-up session was agreed for this one. Take that back first."),
        )
    reason = _("Missed or cancelled; another make-up session was agreed.")
    _end(make_up, reason=reason, by=by, at=at)


def _end(make_up: MakeUp, *, reason: str, by: User, at: datetime) -> None:
    """End the agreement; what was noted of the guest counts for nobody any more."""
    own = AttendanceRecord.objects.filter(
        session=make_up.session_id, enrolment=make_up.enrolment_id
    )
    noted = [MarkToUndo(mark_id, None) for mark_id in own.values_list("mark_id", flat=True)]
    why = _("The make-up session was taken back.")
    take_back_marks(noted=noted, why=why, by=by, at=at)
    make_up.taken_back_by, make_up.taken_back_at, make_up.reason = by, at, reason
    make_up.save(update_fields=["taken_back_by", "taken_back_at", "reason"])


def _attended(make_up: MakeUp) -> bool:
    own = AttendanceRecord.objects.filter(
        session=make_up.session_id, enrolment=make_up.enrolment_id
    )
    return own.filter(minutes__gt=0).exists()
