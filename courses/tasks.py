"""Beat's tick of courses; it may run twice or beside itself without harm."""

from celery import shared_task
from django.utils import timezone

from courses.domain import late_attempts


@shared_task(name="courses.close_late_attempts")
def close_late_attempts() -> None:
    late_attempts.close_late_attempts(at=timezone.now())
