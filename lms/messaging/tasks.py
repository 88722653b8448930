"""Beat's tick for what comes back; it may run twice or beside itself without harm."""

from celery import shared_task
from django.utils import timezone

from lms.messaging.domain.bounces import read_bounces
from lms.messaging.mailbox import is_set_up


@shared_task(name="messaging.read_bounces")
def read_bounces_task() -> None:
    """Read which mails came back, where a mailbox is named."""
    if is_set_up():
        read_bounces(now=timezone.now())
