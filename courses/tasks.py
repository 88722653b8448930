"""Beat's ticks of courses; each may run twice or beside itself without harm."""

from celery import shared_task
from django.utils import timezone

from courses.domain import history, late_attempts, scheduled_pages


@shared_task(name="courses.close_late_attempts")
def close_late_attempts() -> None:
    late_attempts.close_late_attempts(at=timezone.now())


@shared_task(name="courses.carry_out_schedules")
def carry_out_schedules() -> None:
    scheduled_pages.carry_out_schedules(at=timezone.now())


@shared_task(name="courses.record_missing_changes")
def record_missing_changes() -> None:
    history.record_missing(at=timezone.now())
