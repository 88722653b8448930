"""Background work of the core."""

from celery import shared_task
from django.utils import timezone

from lms.core import expiry
from lms.core.heartbeats import BEAT, TICK, record_heartbeats


@shared_task(name=TICK)
def tick(queue: str) -> None:
    """Record that beat, the broker and a process that works on this queue all work."""
    record_heartbeats(BEAT, queue)


@shared_task(name="core.forget_expired")
def forget_expired() -> None:
    """Delete rows whose time is over; beat calls it every hour."""
    expiry.forget_expired(now=timezone.now())
