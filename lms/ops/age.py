"""How old the last verified backup is: for alarms, metrics and the administrator's front page."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from lms.core.heartbeats import age_of

#: The name under which a verified backup is written among the signs of life.
BACKUP: Final = "backup"


def backup_age(*, now: datetime) -> timedelta | None:
    """Return how long ago a backup was last verified here; None when none ever was."""
    return age_of(BACKUP, now=now)


def is_late(age: timedelta | None) -> bool:
    """Return whether administrators have to be told, as the settings of this site say."""
    most = timedelta(hours=settings.SUITE_BACKUP_MAX_HOURS)
    return bool(most) and (age is None or age > most)
