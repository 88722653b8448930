"""Tries whose time is over and that nobody looks at: a tick closes them."""

import logging
from datetime import datetime

from courses.domain.quiz_time import GRACE
from courses.domain.quizzes import submit_attempt
from courses.models import QuizAttempt

logger = logging.getLogger(__name__)


def close_late_attempts(*, at: datetime, limit: int = 500) -> int:
    """Do what `close_when_late` does at the next look, for at most `limit`; return how many.

    One that fails is logged and does not stop the rest.
    """
    open_ones = QuizAttempt.objects.filter(submitted_at=None, deadline__lt=at - GRACE)
    return sum(_closes(attempt, at) for attempt in open_ones.order_by("deadline", "pk")[:limit])


def _closes(attempt: QuizAttempt, at: datetime) -> bool:
    try:
        submit_attempt(attempt=attempt, at=at)
    except Exception:
        logger.exception("Attempt %s could not be closed.", attempt.pk)
        return False
    return True
