"""Beat's two ticks; each may run twice or beside itself without harm."""

from celery import shared_task
from django.utils import timezone

from lms.notifications.domain.planning import plan_reminders
from lms.notifications.domain.sending import send_due


@shared_task(name="notifications.plan_reminders")
def plan_reminders_task() -> None:
    plan_reminders(now=timezone.now())


@shared_task(name="notifications.send_due_reminders")
def send_due_reminders_task() -> None:
    send_due(now=timezone.now())
