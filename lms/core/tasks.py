"""Background work of the core."""

from celery import shared_task

from lms.core.heartbeats import BEAT, record_heartbeats


@shared_task(name="lms.core.tick")
def tick(queue: str) -> None:
    """Record that beat, the broker and a process that works on this queue all work."""
    record_heartbeats(BEAT, queue)
