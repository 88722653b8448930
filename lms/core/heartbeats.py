"""Signs of life: what a worker carries out, what its main process says, and beat's ticks.

Beat sends a tick through each queue, and a process of the pool writes that it was carried out:
a worker all of whose processes hang grows old, however lively its main process is. That one
writes, too, so that workers beside a dead beat are told apart from dead workers.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from celery import bootsteps
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from lms.core.models import Heartbeat
from lms.core.queues import DEFAULT_QUEUE, QUEUES

BEAT: Final = "beat"
TICK: Final = "lms.core.tick"
PULSE_SECONDS: Final = 15
# Four of beat's ticks (20 s) may be late before somebody is woken.
STALE_AFTER: Final = timedelta(seconds=90)

logger = logging.getLogger(__name__)


def record_heartbeats(*names: str) -> None:
    """Write that these are alive now, in one statement."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, ticked_at=timezone.now()) for name in names],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["ticked_at"],
    )


def beat_age(*, now: datetime) -> timedelta | None:
    """Return how long ago a tick of beat was carried out, or None when it never was."""
    return age_of(BEAT, now=now)


def age_of(name: str, *, now: datetime) -> timedelta | None:
    """Return how long ago this was last recorded, or None when it never was."""
    return _ages(now).get(name)


def queues_at_rest(*, now: datetime) -> dict[str, timedelta | None]:
    """Return the queues whose worker does not work, with the age of what it did last; one query.

    Without beat there is nothing to carry out: then a worker counts that says it is there.
    """
    ages = _ages(now)
    has_ticks = _is_fresh(ages.get(BEAT), STALE_AFTER)
    return {
        queue: ages.get(queue)
        for queue, patience in QUEUES.items()
        if not _is_fresh(ages.get(queue), patience)
        and (has_ticks or not _is_fresh(ages.get(pulse_of(queue)), STALE_AFTER))
    }


@dataclass(frozen=True)
class Sign:
    """When beat, the worker of a queue or a tick was last seen at work; never: None."""

    kind: str
    name: str
    last_at: datetime | None
    stands_still: bool


def signs_of_life(*, now: datetime) -> list[Sign]:
    """Return beat, each queue and each tick, with what stands still; one query.

    A tick of which nothing is known may be one that came with an upgrade: it is not blamed.
    """
    seen = dict(Heartbeat.objects.values_list("name", "ticked_at"))

    def sign(kind: str, name: str, patience: timedelta, *, blamed: bool = True) -> Sign:
        at = seen.get(name)
        late = blamed if at is None else now - at >= patience
        return Sign(kind, name, at, late)

    ticks = {
        entry["task"]: 2 * timedelta(seconds=entry["schedule"]) + QUEUES[_queue_of(entry)]
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
    }
    return [
        sign("beat", BEAT, STALE_AFTER),
        *(sign("queue", queue, patience) for queue, patience in QUEUES.items()),
        *(
            sign("tick", task, patience, blamed=False)
            for task, patience in sorted(ticks.items())
            if task != TICK
        ),
    ]


def note_tick(sender: Any, **kwargs: Any) -> None:
    """Record that a task of beat's timetable was carried out; connected when the app is ready."""
    ticks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    if sender.request.is_eager or sender.name == TICK or sender.name not in ticks:
        return
    try:
        record_heartbeats(sender.name)
    except DatabaseError:
        logger.warning("That %s was carried out could not be written.", sender.name, exc_info=True)


def _queue_of(entry: dict[str, Any]) -> str:
    route = settings.CELERY_TASK_ROUTES.get(entry["task"], {})
    return str(entry["options"].get("queue") or route.get("queue") or DEFAULT_QUEUE)


def pulse_of(queue: str) -> str:
    """Return the name under which the main process of a worker of this queue writes."""
    return f"pulse {queue}"


def _ages(now: datetime) -> dict[str, timedelta]:
    rows = Heartbeat.objects.values_list("name", "ticked_at")
    return {name: now - ticked_at for name, ticked_at in rows}


def _is_fresh(age: timedelta | None, patience: timedelta) -> bool:
    return age is not None and age < patience


class WorkerPulse(bootsteps.StartStopStep):
    """Lets the main process of a worker write that it is there, however busy its pool is."""

    requires = ("celery.worker.components:Timer",)

    def start(self, parent: Any) -> None:
        queues = [name for name in parent.app.amqp.queues.consume_from if name in QUEUES]
        self.write(*queues)
        self.entry = parent.timer.call_repeatedly(PULSE_SECONDS, self.write, queues)

    def stop(self, parent: Any) -> None:
        self.entry.cancel()

    @staticmethod
    def write(*queues: str) -> None:
        """Record the pulse; an unreachable database is logged and does not stop the worker."""
        try:
            record_heartbeats(*(pulse_of(queue) for queue in queues))
        except DatabaseError:
            logger.warning("The worker's heartbeat could not be written.", exc_info=True)
        finally:
            # Not kept between two beats: a pool process forked meanwhile would inherit it.
            connection.close()
