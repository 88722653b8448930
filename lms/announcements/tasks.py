"""Beat's tick; it may run twice or beside itself without harm."""

from celery import shared_task
from django.utils import timezone

from lms.announcements.domain.publishing import publish_due


@shared_task(name="announcements.publish_due")
def publish_due_task() -> None:
    publish_due(now=timezone.now())
