"""The time limit of a quiz, by the clock of the server."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from courses.models import EditionQuiz, QuizAttempt
from lms.core.display import vi_date
from lms.core.refusal import Refusal

#: An answer sent in time may take this long over a weak network: 60 seconds after the deadline it
#: still counts. Pages name the deadline alone.
GRACE: Final = timedelta(seconds=60)


def deadline_of(*, asked: EditionQuiz, at: datetime) -> datetime | None:
    """Return when a try that begins now is over; None without a limit."""
    limit = asked.time_limit_minutes
    return at + timedelta(minutes=limit) if limit else None


def is_late(*, attempt: QuizAttempt, at: datetime) -> bool:
    """Return whether nothing is taken any more: the deadline and the grace are over."""
    return attempt.deadline is not None and at > attempt.deadline + GRACE


def handed_in_at(*, attempt: QuizAttempt, at: datetime) -> datetime:
    """Return the moment that stands with the result: of a late one the last that counted,
    whenever it was found.
    """
    if attempt.deadline is None:
        return at
    return min(at, attempt.deadline + GRACE)


def ran_out(attempt: QuizAttempt) -> bool:
    """Return whether the time ended the try, not the person."""
    handed_in = attempt.submitted_at
    return bool(handed_in and attempt.deadline and handed_in >= attempt.deadline + GRACE)


def require_open(*, attempt: QuizAttempt, at: datetime) -> None:
    """Raise Refusal `time_over` or `attempt_submitted`: no answer is taken any more."""
    if is_late(attempt=attempt, at=at) and (attempt.submitted_at is None or ran_out(attempt)):
        raise Refusal(
            "time_over",
            _("The time was over at %(time)s, so this answer no longer counts.")
            % {"time": vi_date(attempt.deadline, "time")},
        )
    if attempt.submitted_at is not None:
        raise Refusal(
            "attempt_submitted",
            _("This quiz has been handed in; its answers can no longer be changed."),
        )


def seconds_left(*, attempt: QuizAttempt, at: datetime) -> int | None:
    """Return whole seconds to the deadline, never below 0; None without a limit."""
    if attempt.deadline is None:
        return None
    return max(0, int((attempt.deadline - at).total_seconds()))
