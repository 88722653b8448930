"""What a reminder of a session is about, in the words of the list of reminders."""

from attendance.models import Session
from lms.notifications.extensions import Subject


def subject_of(session: Session) -> Subject:
    """Return class, session and place; needs `session.run`."""
    run = session.run
    return Subject(run_id=run.pk, run=run.title, session=session.title, place=session.where)
