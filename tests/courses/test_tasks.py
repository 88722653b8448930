from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from courses.domain.quizzes import start_attempt
from courses.tasks import close_late_attempts
from tests.factories.rows import set_fields


def test_tick_of_beat_hands_in_what_is_late(enrolment, quiz):
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=timezone.now())
    set_fields(attempt, deadline=timezone.now() - timedelta(hours=1))
    assert settings.CELERY_BEAT_SCHEDULE["courses.close_late"]["task"] == close_late_attempts.name

    close_late_attempts()

    attempt.refresh_from_db()
    assert attempt.submitted_at is not None
