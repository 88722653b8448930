"""Excuses are decisions: asked with a reason, decided by the unit, with an effect that is known."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from attendance.domain.recording import REASON_LENGTH, RollEntry, lock_session, record_roll_call
from attendance.domain.rules import rules_of
from attendance.domain.session_state import is_cancelled
from attendance.domain.sign_off import may_confirm
from attendance.enums import AttendanceStatus, ExcuseState, MarkMethod
from attendance.models import Excuse, Session
from courses.enums import EnrolmentStatus
from courses.models import CourseRun, Enrolment
from lms.accounts.enums import MANAGING_ROLES
from lms.accounts.models import User
from lms.core.refusal import Refusal
from lms.core.text import nfc

# So long after a session it may still be asked.
ASKED_WITHIN: Final = timedelta(days=7)


@transaction.atomic
def ask_excuse(*, session: Session, enrolment: Enrolment, reason: str, at: datetime) -> Excuse:
    """Ask to be excused from a session; a repeat returns what was asked before.

    Raises Refusal `session_gone`, `session_cancelled`, `withdrawn`, `excuse_too_late`,
    `reason_required`.
    """
    held = lock_session(session)
    known = Excuse.objects.filter(session=held, enrolment=enrolment)
    if asked := known.exclude(state=ExcuseState.WITHDRAWN).first():
        return asked
    if is_cancelled(held):
        raise Refusal(
            "session_cancelled", _("This session does not take place: nobody is missed in it.")
        )
    if enrolment.status == EnrolmentStatus.WITHDRAWN:
        raise Refusal("withdrawn", _("You are no longer enrolled in this class."))
    if at > held.ends_at + ASKED_WITHIN:
        raise Refusal(
            "excuse_too_late",
            _("That can be asked up to %(days)d days after the session only.")
            % {"days": ASKED_WITHIN.days},
        )
    if not (text := nfc(reason).strip()):
        raise Refusal("reason_required", _("Please write the reason."), field="reason")
    return Excuse.objects.create(
        session=held, enrolment=enrolment, reason=text[:REASON_LENGTH], asked_at=at
    )


@transaction.atomic
def withdraw_excuse(*, excuse: Excuse) -> None:
    """Take a request back that nobody has decided; a repeat changes nothing.

    Raises Refusal `already_decided`.
    """
    held = _lock(excuse)
    if held.state not in (ExcuseState.ASKED, ExcuseState.WITHDRAWN):
        raise _already_decided()
    held.state = ExcuseState.WITHDRAWN
    held.save(update_fields=["state"])


@transaction.atomic
def decide_excuse(*, excuse: Excuse, grant: bool, by: User, at: datetime) -> None:
    """Excuse the person, or let the session be missed without an excuse; writes the mark.

    The first decision stands: the same again changes nothing, another raises Refusal
    `already_decided`. Also `not_decider`, `session_cancelled`, and what the roll refuses.
    """
    # The session first, in the order in which the roll locks.
    session = lock_session(excuse.session)
    if not may_confirm(run=session.run, by=by):
        raise Refusal("not_decider", _("Only the coordinator of the unit may decide this."))
    held = _lock(excuse)
    wanted = ExcuseState.GRANTED if grant else ExcuseState.REFUSED
    if held.state != ExcuseState.ASKED:
        if held.state != wanted:
            raise _already_decided()
        return
    if is_cancelled(session):
        raise Refusal(
            "session_cancelled", _("This session does not take place: nobody is missed in it.")
        )
    status = AttendanceStatus.EXCUSED if grant else AttendanceStatus.ABSENT
    result = record_roll_call(
        session=session,
        entries=[RollEntry(held.enrolment_id, status, uuid.uuid4(), reason=held.reason)],
        by=by,
        at=at,
        among=Enrolment.objects.filter(pk=held.enrolment_id),
        method=MarkMethod.EXCUSE_DECIDED,
    )
    for refusal in result.refused.values():
        raise refusal
    held.state, held.decided_by, held.decided_at = wanted, by, at
    held.save(update_fields=["state", "decided_by", "decided_at"])


def describe_effect(run: CourseRun) -> str:
    """Say what it means in this class to be excused, before it is asked or decided."""
    if rules_of(run).excuse_waives_hours:
        return _("Whoever is excused does not need the hours of the session.")
    return _("Whoever is excused still has to make up for the hours of the session.")


def excuses_to_decide(*, by: User) -> QuerySet[Excuse]:
    """Return requests that this person may decide and nobody has, the first first.

    Of people whom he or she may see: those of other areas in the class, the province decides.
    """
    people = Enrolment.objects.visible_to(by)
    waiting = Excuse.objects.filter(state=ExcuseState.ASKED, enrolment__in=people)
    own = waiting.filter(by.scope.units_q("session__run__unit", MANAGING_ROLES))
    return own.select_related("session__run", "enrolment__user", "enrolment__unit")


def _lock(excuse: Excuse) -> Excuse:
    return Excuse.objects.select_for_update(no_key=True).get(pk=excuse.pk)


def _already_decided() -> Refusal:
    return Refusal("already_decided", _("This has been decided or withdrawn in the meantime."))
