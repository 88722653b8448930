"""A session that does not take place: a state of the session, since what was noted stays."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from attendance.domain.hours.guests import evaluate_with_guests, find_guests
from attendance.domain.roll.late_marks import require_unsigned
from attendance.domain.roll.recording import lock_session
from attendance.domain.sessions.scheduling import said_of
from attendance.models import Session
from courses.domain.runs import lock_run
from courses.enums import RunStatus
from lms.accounts.models import User
from lms.core.refusal import Refusal
from lms.core.text import nfc

CANCELLED: Final = "attendance.cancel_session"


@transaction.atomic
def cancel_session(*, session: Session, reason: str, by: User, at: datetime) -> Session:
    """Cancel a session: its hours are no longer asked and no longer count, marks stay as they are.

    Everybody is judged anew, and told; who has completed with its hours keeps the completion. A
    repeat changes nothing. Raises Refusal `session_gone`, `already_cancelled` for another reason,
    `run_cancelled`, `session_signed` and `reason_required`.
    """
    run = lock_run(session.run)
    held = lock_session(session)
    if held.cancelled_at and held.cancel_reason == nfc(reason):
        return held
    require_not_cancelled(held)
    if run.status == RunStatus.CANCELLED:
        raise Refusal(
            "run_cancelled", _("This class has been cancelled, so its sessions cannot be changed.")
        )
    require_unsigned(held)
    if not nfc(reason):
        raise Refusal(
            "reason_required", _("Please say why the session is cancelled."), field="reason"
        )
    held.cancelled_at, held.cancel_reason = at, nfc(reason)
    held.revision += 1
    held.save()
    said = said_of(held, held.trainer_ids)
    data = {"before": said, "after": said, "revision": held.revision}
    log(held, CANCELLED, user=by, timestamp=at, data=data)
    evaluate_with_guests(run=run, guests=find_guests([held]), at=at)
    return held


def require_not_cancelled(session: Session) -> None:
    """Raise Refusal `already_cancelled`, with the reason that people were told."""
    if session.cancelled_at:
        raise Refusal(
            "already_cancelled",
            _("This session has been cancelled already: “%(reason)s”. That is what people read.")
            % {"reason": session.cancel_reason},
        )
