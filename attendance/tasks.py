"""Beat's tick of attendance; it may run twice or beside itself without harm."""

from celery import shared_task
from django.utils import timezone

from attendance.domain.hours import counting


@shared_task(name="attendance.count_ended_sessions")
def count_ended_sessions() -> None:
    counting.count_ended_sessions(at=timezone.now())
