"""Background work of the core."""

from celery import shared_task

from lms.core.heartbeats import BEAT, record_heartbeat


@shared_task(name="lms.core.tick")
def tick() -> None:
    """Record that beat, the broker and a worker all work."""
    record_heartbeat(name=BEAT)
