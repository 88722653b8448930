"""The work of imports: each task may run twice, beside itself, or be lost."""

from celery import shared_task
from django.utils import timezone

from lms.importing.domain import confirming, purging, rehearsing, resume_stale, undoing


@shared_task(name="importing.rehearse")
def rehearse(batch_id: int) -> None:
    rehearsing.rehearse(batch_id=batch_id)


@shared_task(name="importing.confirm")
def confirm(batch_id: int) -> None:
    confirming.confirm(batch_id=batch_id)


@shared_task(name="importing.undo")
def undo(batch_id: int) -> None:
    undoing.undo(batch_id=batch_id)


@shared_task(name="importing.take_up")
def take_up() -> None:
    """Finish what was left undone; beat calls it every minute."""
    resume_stale.take_up(at=timezone.now())


@shared_task(name="importing.purge")
def purge() -> None:
    """Take away lists whose undo is over; beat calls it every hour."""
    purging.purge(at=timezone.now())
