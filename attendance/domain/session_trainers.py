"""Who teaches a session."""

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from attendance.models import Session
from lms.accounts.models import User


def load_trainers(sessions: Iterable[Session]) -> None:
    """Fetch at once what `trainers_of` asks of each; two queries."""
    prefetch_related_objects([*sessions], "trainers", "run__trainers")


def trainers_of(*, session: Session) -> list[User]:
    """Return those of the class's trainers who teach the session; all where none of them is named.

    Who no longer teaches the class is passed over. For lists, call `load_trainers` before.
    """
    of_class = list(session.run.trainers.all())
    return [one for one in of_class if one.pk in session.trainer_ids] or of_class
