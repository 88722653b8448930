"""The one word for how a session stands: every page, file and list asks here."""

from datetime import datetime

from attendance.enums import SessionState
from attendance.models import Session
from courses.enums import RunStatus


def is_cancelled(session: Session) -> bool:
    """Return whether the session, or the class with it, was cancelled; needs `run`."""
    return session.cancelled_at is not None or session.run.status == RunStatus.CANCELLED


def state_of(session: Session, *, now: datetime) -> SessionState:
    """Return how the session stands at this moment; needs `run`.

    It is over from the minute at which it ends, as its hours count from then.
    """
    if is_cancelled(session):
        return SessionState.CANCELLED
    if session.ends_at <= now:
        return SessionState.OVER
    return SessionState.UNDER_WAY if session.starts_at <= now else SessionState.TO_COME
