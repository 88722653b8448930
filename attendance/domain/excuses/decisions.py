"""Excuses are decisions: asked with a reason and a paper, decided once, with a known effect."""

import uuid
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from attendance.domain.excuses.rules import may_decide
from attendance.domain.hours.rules import rules_of_held
from attendance.domain.roll.recording import (
    REASON_LENGTH,
    RollEntry,
    lock_session,
    record_roll_call,
)
from attendance.domain.session_state import is_cancelled
from attendance.enums import PRESENT_STATUSES, AttendanceStatus, ExcuseState, MarkMethod
from attendance.models import AttendanceRecord, Excuse, Session
from courses.enums import EnrolmentStatus
from courses.models import Enrolment
from lms.accounts.models import User
from lms.core.display import vi_date
from lms.core.refusal import Refusal
from lms.core.stored_files import forget_file
from lms.core.text import nfc

# So long after a session it may still be asked.
ASKED_WITHIN: Final = timedelta(days=7)


@transaction.atomic
def ask_excuse(
    *,
    session: Session,
    enrolment: Enrolment,
    reason: str,
    at: datetime,
    paper: "ContentFile[bytes] | None" = None,
    noted_by: User | None = None,
) -> Excuse:
    """Ask to be excused from a session; a repeat returns what was asked before.

    `noted_by` takes it down for the person. `paper` was read by `lms.core.sent_papers`. Raises
    Refusal `session_gone`, `withdrawn`, `reason_required`, those of `require_open_to_excuses`, and
    `already_asked` of `_require_repeat`.
    """
    held = lock_session(session)
    known = Excuse.objects.filter(session=held, enrolment=enrolment)
    if asked := known.exclude(state=ExcuseState.WITHDRAWN).first():
        return _require_repeat(asked, reason=reason, noted_by=noted_by)
    require_open_to_excuses(held, at=at)
    if enrolment.status == EnrolmentStatus.WITHDRAWN:
        raise Refusal(
            "withdrawn", _("Whoever is no longer in this class need not be excused from it.")
        )
    if not (text := nfc(reason).strip()):
        raise Refusal("reason_required", _("Please write the reason."), field="reason")
    return Excuse.objects.create(
        session=held,
        enrolment=enrolment,
        reason=text[:REASON_LENGTH],
        asked_at=at,
        paper=paper,
        noted_by=noted_by,
    )


def require_open_to_excuses(session: Session, *, at: datetime) -> None:
    """Raise Refusal `session_cancelled` or `excuse_too_late`, whoever it were that asks."""
    _require_taking_place(session)
    if not may_still_ask(session, now=at):
        raise Refusal(
            "excuse_too_late",
            _("That can be asked up to %(days)d days after the session only.")
            % {"days": ASKED_WITHIN.days},
        )


def _require_repeat(asked: Excuse, *, reason: str, noted_by: User | None) -> Excuse:
    """Return what was asked; refuse other words that somebody else takes down: they would be
    dropped silently.
    """
    said = nfc(reason).strip()[:REASON_LENGTH]
    if noted_by and (asked.noted_by_id, asked.reason) != (noted_by.pk, said):
        raise Refusal(
            "already_asked",
            _("Asked already on %(when)s: “%(reason)s” (%(state)s). Nothing was added.")
            % {
                "when": vi_date(asked.asked_at),
                "reason": asked.reason,
                "state": asked.get_state_display(),
            },
            field="enrolment",
        )
    return asked


def may_still_ask(session: Session, *, now: datetime, status: str | None = None) -> bool:
    """Return whether it is early enough to ask, of a session in which the person was not noted as
    present (`status`); needs `run`.
    """
    in_time = not is_cancelled(session) and now <= session.ends_at + ASKED_WITHIN
    return in_time and status != AttendanceStatus.PRESENT


@transaction.atomic
def attach_paper(*, excuse: Excuse, paper: "ContentFile[bytes]") -> None:
    """Put this paper in the place of the one that was sent before.

    Raises Refusal `already_decided`.
    """
    held = _lock(excuse)
    _require_undecided(held)
    forget_paper(held)
    held.paper = paper
    held.save(update_fields=["paper"])


@transaction.atomic
def withdraw_excuse(*, excuse: Excuse) -> None:
    """Take a request back that nobody has decided, and its paper; a repeat changes nothing.

    Raises Refusal `already_decided`.
    """
    held = _lock(excuse)
    if held.state == ExcuseState.WITHDRAWN:
        return
    _require_undecided(held)
    forget_paper(held)
    held.state = ExcuseState.WITHDRAWN
    held.save(update_fields=["state", "paper"])


def forget_paper(excuse: Excuse) -> None:
    """Take the paper off the row, which the caller saves; the file goes when that is certain."""
    if excuse.paper:
        storage, name = excuse.paper.storage, str(excuse.paper.name)
        transaction.on_commit(partial(forget_file, storage, name))
        excuse.paper = ""


@transaction.atomic
def decide_excuse(*, excuse: Excuse, grant: bool, by: User, at: datetime) -> None:
    """Excuse the person, or let the session be missed without an excuse; writes the mark, of a
    refusal once the session is over. Whoever was noted as there stays so.

    The first decision stands: the same person's repeat changes nothing, anything else raises
    Refusal `already_decided`, which tells who decided what. Also `not_decider`,
    `session_cancelled`, and what the roll refuses.
    """
    # The session first, in the order in which the roll locks.
    session = lock_session(excuse.session)
    held = _lock(excuse)
    rules = rules_of_held(session)
    if not may_decide(session=session, person=held.enrolment.user, by=by, rules=rules):
        raise Refusal(
            "not_decider",
            _(
                "The coordinator of the unit decides this or, where the class says so, its "
                "trainer before signing; nobody decides about an own request."
            ),
        )
    wanted = ExcuseState.GRANTED if grant else ExcuseState.REFUSED
    if held.state == wanted and held.decided_by_id == by.pk:
        return
    _require_undecided(held)
    _require_taking_place(session)
    # Whoever is not excused may still come: the roll would have the person absent beforehand.
    if (grant or at >= session.ends_at) and not _came(held):
        _write_mark(held, session, grant=grant, by=by, at=at)
    held.state, held.decided_by, held.decided_at = wanted, by, at
    held.save(update_fields=["state", "decided_by", "decided_at"])


def _came(excuse: Excuse) -> bool:
    noted = AttendanceRecord.objects.filter(
        session=excuse.session_id, enrolment=excuse.enrolment_id, status__in=PRESENT_STATUSES
    )
    return noted.exists()


def _write_mark(excuse: Excuse, session: Session, *, grant: bool, by: User, at: datetime) -> None:
    status = AttendanceStatus.EXCUSED if grant else AttendanceStatus.ABSENT
    result = record_roll_call(
        session=session,
        entries=[RollEntry(excuse.enrolment_id, status, uuid.uuid4(), reason=excuse.reason)],
        by=by,
        at=at,
        among=Enrolment.objects.filter(pk=excuse.enrolment_id),
        method=MarkMethod.EXCUSE_DECIDED,
    )
    for refusal in result.refused.values():
        raise refusal


def _lock(excuse: Excuse) -> Any:
    # The people are read beside it, not locked.
    rows = Excuse.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("enrolment__user", "decided_by").get(pk=excuse.pk)


def _require_taking_place(session: Session) -> None:
    if is_cancelled(session):
        raise Refusal(
            "session_cancelled", _("This session does not take place: nobody is missed in it.")
        )


def _require_undecided(excuse: Excuse) -> None:
    if excuse.state == ExcuseState.WITHDRAWN:
        raise Refusal("already_decided", _("This request was taken back in the meantime."))
    if excuse.decided_by is None or excuse.decided_at is None:
        return
    raise Refusal(
        "already_decided",
        _("%(name)s has decided this already (%(when)s): %(decision)s.")
        % {
            "name": excuse.decided_by.full_name,
            "when": vi_date(excuse.decided_at, "time"),
            "decision": excuse.get_state_display(),
        },
    )
