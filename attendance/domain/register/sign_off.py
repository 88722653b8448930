"""Registers are signed: each session by its trainer, then the class; the unit confirms the class."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from attendance.domain.hours.guests import guests_last, on_roll, roll_for
from attendance.domain.roll.late_marks import late_marks_to_decide, signature_of
from attendance.domain.roll.recording import RollEntry, lock_session, record_roll_call
from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import (
    AttendanceRecord,
    RunSignOff,
    Session,
    SessionSignOff,
    UnmatchedWalkIn,
)
from courses.domain.runs import lock_run
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import CourseRun, Enrolment
from courses.models.delivery import EnrolmentQuerySet
from lms.accounts.enums import MANAGING_ROLES
from lms.accounts.models import User
from lms.core.display import vi_date
from lms.core.refusal import Refusal

SIGNED, CONFIRMED = "attendance.sign_session", "attendance.confirm_run"
SIGNED_RUN = "attendance.sign_run"


def people_without_mark(session: Session) -> EnrolmentQuerySet:
    """Return the people of the roll about whom nothing is noted in the session, guests last."""
    noted = AttendanceRecord.objects.filter(session=session, enrolment=OuterRef("pk"))
    people = on_roll(Enrolment.objects.counted(), session=session)
    left: EnrolmentQuerySet = people.filter(~Exists(noted)).select_related("user", "unit")
    return guests_last(left, session=session)


@transaction.atomic
def sign_session(
    *, session: Session, by: User, at: datetime, absent: Collection[int] = ()
) -> SessionSignOff:
    """Sign the register of a session that is over; a repeat returns the first signature.

    `absent`: enrolments without a mark that the signer confirms as absent; they are noted so.
    Raises Refusal `session_gone`, `run_cancelled`, `session_not_over`, `nobody_enrolled` and
    `people_without_mark`: nothing is signed over an empty row that nobody confirmed.
    """
    held = lock_session(session)
    signed = signature_of(held)
    if signed is not None:
        return signed
    _require_over(held, at)
    left = list(people_without_mark(held))
    if any(one.pk not in absent for one in left):
        raise Refusal("people_without_mark", _describe_left(held, left, by, absent))
    _note_absent(held, left, by=by, at=at)
    figures = _figures_of(held)
    if not any(figures.values()):
        raise Refusal("nobody_enrolled", _("Nobody is in this class, so nothing can be signed."))
    row = SessionSignOff.objects.create(session=held, signed_by=by, signed_at=at, **figures)
    log(held, SIGNED, user=by, timestamp=at, data=figures)
    return row


@transaction.atomic
def sign_run(*, run: CourseRun, by: User, at: datetime) -> RunSignOff:
    """Sign a class all of whose sessions are signed; a repeat returns the first signature.

    Raises Refusal `run_cancelled`, `no_sessions`, `sessions_unsigned`.
    """
    held = lock_run(run)
    signed = RunSignOff.objects.filter(run=held).first()
    if signed is not None:
        return signed
    _require_takes_place(held)
    sessions = Session.objects.taking_place().filter(run=held)
    if not sessions.exists():
        raise Refusal("no_sessions", _("A class without sessions has no register to sign."))
    unsigned = list(sessions.filter(sign_off=None).values_list("title", flat=True))
    if unsigned:
        raise Refusal(
            "sessions_unsigned",
            _("These sessions are not signed yet: %(sessions)s.")
            % {"sessions": ", ".join(unsigned)},
        )
    figures = _figures_of_run(held)
    row = RunSignOff.objects.create(run=held, signed_by=by, signed_at=at, **figures)
    log(held, SIGNED_RUN, user=by, timestamp=at, data=figures)
    return row


def may_confirm(*, run: CourseRun, by: User) -> bool:
    """Return whether the person answers for the unit that holds the class, and may therefore
    confirm its register and correct it once it was signed.
    """
    return by.scope.covers(run.unit.path, MANAGING_ROLES)


@transaction.atomic
def confirm_run(*, run: CourseRun, by: User, at: datetime) -> RunSignOff:
    """Confirm a class for the unit that holds it; a repeat returns the first confirmation.

    Raises Refusal `not_confirmable` without a managing role there, `run_unsigned`,
    `own_class` to whoever teaches or signed it, and what `require_all_decided` refuses.
    """
    held = lock_run(run)
    signed = RunSignOff.objects.select_for_update(no_key=True).filter(run=held).first()
    if not may_confirm(run=held, by=by):
        raise Refusal(
            "not_confirmable", _("Only the coordinator of the unit may confirm this class.")
        )
    if signed is None:
        raise Refusal("run_unsigned", _("The trainer has not signed this class yet."))
    if signed.confirmed_at:
        return signed
    if signed.signed_by_id == by.pk or held.trainers.filter(pk=by.pk).exists():
        raise Refusal(
            "own_class",
            _("Whoever teaches or signed a class cannot confirm it: somebody else has to."),
        )
    require_all_decided(run=held, by=by)
    signed.confirmed_by, signed.confirmed_at = by, at
    signed.save(update_fields=["confirmed_by", "confirmed_at"])
    log(held, CONFIRMED, user=by, timestamp=at)
    return signed


def require_all_decided(*, run: CourseRun, by: User) -> None:
    """Refuse while somebody noted by name is not matched with a record (`people_unmatched`), or a
    mark that came after the signature waits for this person (`late_marks_undecided`).

    Whoever may confirm decides these, too: a trainer who signs need not wait for it.
    """
    unmatched = UnmatchedWalkIn.objects.waiting().filter(session__run=run)
    if names := list(unmatched.values_list("name", flat=True)):
        raise Refusal(
            "people_unmatched",
            _(
                "These people came and are not matched with a record: %(names)s. Match or dismiss "
                "them, then confirm the class."
            )
            % {"names": ", ".join(names)},
        )
    if late_marks_to_decide(by=by).filter(session__run=run).exists():
        raise Refusal(
            "late_marks_undecided",
            _("Decide the marks that came after the signature, then confirm the class."),
        )


def _require_over(session: Session, at: datetime) -> None:
    _require_takes_place(session.run)
    if session.cancelled_at:
        raise Refusal(
            "session_cancelled", _("This session was cancelled: nothing is to be signed.")
        )
    if at < session.ends_at:
        raise Refusal(
            "session_not_over",
            _("This session can be signed once it has ended, on %(when)s.")
            % {"when": vi_date(timezone.localtime(session.ends_at), "time")},
        )


def _require_takes_place(run: CourseRun) -> None:
    if run.status == RunStatus.CANCELLED:
        raise Refusal(
            "run_cancelled", _("This class has been cancelled, so there is nothing to sign.")
        )


def _describe_left(
    session: Session, left: list[Enrolment], by: User, absent: Collection[int]
) -> str:
    """Name those whom the signer may see; others, of other areas, are counted."""
    open_ids = [one.pk for one in left if one.pk not in absent]
    seen = roll_for(by, session=session).filter(pk__in=open_ids)
    names = [one.user.full_name for one in seen.select_related("user").in_name_order()]
    hidden = len(open_ids) - len(names)
    if hidden:
        more = ngettext(
            "%(count)d person of another area", "%(count)d people of other areas", hidden
        )
        names.append(more % {"count": hidden})
    return _("Not signed yet, as nothing is noted about: %(names)s.") % {"names": ", ".join(names)}


def _note_absent(session: Session, left: list[Enrolment], *, by: User, at: datetime) -> None:
    if not left:
        return
    result = record_roll_call(
        session=session,
        entries=[
            RollEntry(one.pk, AttendanceStatus.ABSENT, client_id=uuid.uuid4()) for one in left
        ],
        by=by,
        at=at,
        among=roll_for(by, session=session),
        method=MarkMethod.SIGNED_OFF,
    )
    for refusal in result.refused.values():
        raise refusal


def _figures_of(session: Session) -> dict[str, Any]:
    counts = {
        f"{status}_count": Count("pk", filter=Q(status=status))
        for status in AttendanceStatus.values
    }
    people = Enrolment.objects.counted().filter(run=session.run_id)
    records = AttendanceRecord.objects.filter(session=session, enrolment__in=people)
    return records.aggregate(**counts, minutes=Sum("minutes", default=0))


def _figures_of_run(run: CourseRun) -> dict[str, Any]:
    people = Enrolment.objects.counted().filter(run=run)
    records = AttendanceRecord.objects.filter(session__run=run, enrolment__in=people)
    return {
        "session_count": Session.objects.taking_place().filter(run=run).count(),
        "trainee_count": people.count(),
        "completed_count": people.filter(status=EnrolmentStatus.COMPLETED).count(),
        "minutes": records.aggregate(sum=Sum("minutes", default=0))["sum"],
    }
