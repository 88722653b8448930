"""A register that was signed is closed to the roll; what comes late is kept beside it."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from attendance.models import AttendanceMark, LateMark, RunSignOff, Session, SessionSignOff
from courses.models import CourseRun, Enrolment
from lms.accounts.enums import MANAGING_ROLES
from lms.accounts.models import User
from lms.core.display import vi_date
from lms.core.refusal import Refusal


def signature_of(session: Session) -> SessionSignOff | None:
    """Return who signed the session; no query where `sign_off` is loaded."""
    return getattr(session, "sign_off", None)


def is_signed(session: Session) -> bool:
    return signature_of(session) is not None


def require_unsigned(session: Session) -> None:
    """Raise Refusal `session_signed` once the register of the session was signed."""
    signed = signature_of(session)
    if signed is not None:
        raise Refusal(
            "session_signed",
            _(
                "The register of this session was signed on %(day)s. What is wrong in it is "
                "corrected by the coordinator, on the page of the trainee."
            )
            % {"day": vi_date(signed.signed_at)},
        )


def require_run_unsigned(run: CourseRun) -> None:
    """Raise Refusal `run_signed` once the register of the whole class was signed."""
    if RunSignOff.objects.filter(run=run).exists():
        raise Refusal(
            "run_signed", _("The register of this class was signed: no session can be added.")
        )


def require_not_held(run: CourseRun) -> None:
    """Raise Refusal `run_signed` for a class that was held and signed: it cannot be cancelled."""
    signed = RunSignOff.objects.filter(run=run).first()
    if signed is not None:
        raise Refusal(
            "run_signed",
            _(
                "The register of this class was signed on %(day)s: it has taken place, so it cannot "
                "be cancelled. Close it instead."
            )
            % {"day": vi_date(signed.signed_at)},
        )


def require_unconfirmed(run: CourseRun) -> None:
    """Raise Refusal `run_confirmed` once the unit has confirmed the register of the class."""
    signed = RunSignOff.objects.filter(run=run, confirmed_at__isnull=False).first()
    if signed is not None and signed.confirmed_at is not None:
        raise Refusal(
            "run_confirmed",
            _(
                "The register of this class was confirmed on %(day)s: what the class asks stays as "
                "it was confirmed. What is wrong with a person is corrected on the register."
            )
            % {"day": vi_date(signed.confirmed_at)},
        )


def late_marks_to_decide(*, by: User) -> QuerySet[LateMark]:
    """Return marks that came after a signature and that this person may decide: in classes of
    units that he or she answers for, about people whom he or she sees.
    """
    waiting = LateMark.objects.waiting().filter(enrolment__in=Enrolment.objects.visible_to(by))
    return waiting.filter(by.scope.units_q("session__run__unit", MANAGING_ROLES))


def keep_late_marks(marks: Sequence[AttendanceMark]) -> None:
    """Keep marks that are not to be applied, for somebody to confirm or dismiss."""
    LateMark.objects.bulk_create(
        LateMark(
            session_id=mark.session_id,
            enrolment_id=mark.enrolment_id,
            status=mark.status,
            minutes_late=mark.minutes_late,
            minutes_left_early=mark.minutes_left_early,
            reason=mark.reason,
            noted_by_id=mark.marked_by_id,
            received_at=mark.marked_at,
            client_id=mark.client_id,
        )
        for mark in marks
    )
