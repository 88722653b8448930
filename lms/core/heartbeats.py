"""Signs of life: the worker writes its own, beat's comes through the queue.

So a live worker beside a dead beat is told apart from a dead worker, behind which both
grow old.
"""

import logging
from datetime import timedelta
from typing import Any, Final

from celery import bootsteps
from django.db import DatabaseError, connection
from django.utils import timezone

from lms.core.models import Heartbeat

BEAT: Final = "beat"
WORKER: Final = "worker"
WORKER_SECONDS: Final = 15
# Four of beat's ticks (20 s) may be late before somebody is woken.
STALE_AFTER: Final = timedelta(seconds=90)

logger = logging.getLogger(__name__)


def record_heartbeat(*, name: str) -> None:
    """Write that `name` is alive now, in one statement."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, ticked_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["ticked_at"],
    )


def heartbeat_age(*, name: str) -> timedelta | None:
    """Return how long ago `name` was heard of, or None when it never was."""
    heartbeat = Heartbeat.objects.filter(name=name).first()
    return timezone.now() - heartbeat.ticked_at if heartbeat else None


class WorkerHeartbeat(bootsteps.StartStopStep):
    """Lets the main process of a worker write its heartbeat, however busy its pool is."""

    requires = ("celery.worker.components:Timer",)

    def start(self, parent: Any) -> None:
        self.write()
        self.entry = parent.timer.call_repeatedly(WORKER_SECONDS, self.write)

    def stop(self, parent: Any) -> None:
        self.entry.cancel()

    @staticmethod
    def write() -> None:
        """Record the heartbeat; an unreachable database is logged and does not stop the worker."""
        try:
            record_heartbeat(name=WORKER)
        except DatabaseError:
            logger.warning("The worker's heartbeat could not be written.", exc_info=True)
        finally:
            # Not kept between two beats: a pool process forked meanwhile would inherit it.
            connection.close()
