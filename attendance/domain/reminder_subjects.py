"""What a reminder of a session is about, in the words of the list of reminders, and how urgent it is."""

from datetime import datetime, timedelta
from typing import Final

from attendance.models import Session
from lms.notifications.extensions import Subject

# What begins sooner than this after its change is told at night as well.
CANNOT_WAIT: Final = timedelta(hours=14)


def subject_of(session: Session) -> Subject:
    """Return class, session and place; needs `session.run`."""
    run = session.run
    return Subject(run_id=run.pk, run=run.title, session=session.title, place=session.where)


def cannot_wait(*, starts_at: datetime, changed_at: datetime) -> bool:
    return starts_at < changed_at + CANNOT_WAIT
