"""The hours of a session count from its end: nothing counts before it has happened."""

import logging
from datetime import datetime

from django.db import transaction

from attendance.domain.hours.guests import evaluate_with_guests, find_guests
from attendance.models import Session
from courses.models import CourseRun

logger = logging.getLogger(__name__)


def counted_since(*, session: Session, at: datetime) -> datetime | None:
    """Return since when the session counts, None while it has not ended."""
    return (session.counted_at or at) if session.ends_at <= at else None


def count_ended_sessions(*, at: datetime) -> int:
    """Let the hours of all sessions count that have ended; return in how many classes.

    A tick over rows: one transaction a class, in which completion is decided for everybody in it.
    Killed anywhere it goes on where it stopped; one that fails is logged and does not stop the
    rest. What was cancelled, a class or a session, counts nothing.
    """
    held = Session.objects.taking_place().filter(counted_at__isnull=True, ends_at__lte=at)
    runs = CourseRun.objects.filter(pk__in=held.values("run")).order_by("pk")
    return sum(_counts(run, at=at) for run in runs)


def _counts(run: CourseRun, *, at: datetime) -> bool:
    try:
        _count(run, at=at)
    except Exception:
        logger.exception("The sessions of class %s could not be counted.", run.pk)
        return False
    return True


@transaction.atomic
def _count(run: CourseRun, *, at: datetime) -> None:
    to_count = Session.objects.filter(run=run, counted_at__isnull=True, ends_at__lte=at)
    ended = to_count.filter(cancelled_at__isnull=True)
    # Held before the enrolments, as whoever takes the roll does.
    rows = list(ended.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    Session.objects.filter(pk__in=[session.pk for session in rows]).update(counted_at=at)
    evaluate_with_guests(run=run, guests=find_guests(rows), at=at)
