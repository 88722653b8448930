"""What is read when somebody asks: the gauges of the apps, signs of life, queues, disks.

One process reads them for the whole suite, so that no figure is there twice.
"""

import json
import logging
import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import Error
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis import Redis, RedisError

from lms.core.gauges import Gauge, gauges
from lms.core.heartbeats import BEAT
from lms.core.models import Heartbeat
from lms.core.queues import QUEUES
from lms.core.task_messages import QUEUED_AT

# Who asks waits ten seconds in all.
BROKER_SECONDS: Final = 3
# Among the signs of life: not a process, and alarmed about in days.
BACKUP: Final = "backup"

logger = logging.getLogger(__name__)


class SuiteGauges(Collector):
    """Gives every figure that can be read; what cannot be is left out and told by `…_up`."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = timezone.now()
        yield from _of_database(now)
        yield from _of_broker()
        yield from _of_disks()


def _of_database(now: datetime) -> Iterator[GaugeMetricFamily]:
    try:
        families = [*_signs_of_life(now), *(_family(gauge, now) for gauge in gauges)]
        up = 1
    except Error:
        logger.warning("The figures of the database could not be read.", exc_info=True)
        families, up = [], 0
    yield GaugeMetricFamily("suite_database_up", "Whether the database answered.", up)
    yield from families


def _family(gauge: Gauge, now: datetime) -> GaugeMetricFamily:
    labels = [gauge.label] if gauge.label else []
    family = GaugeMetricFamily(f"suite_{gauge.key}", gauge.text, labels=labels)
    for value, figure in gauge.read(now).items():
        family.add_metric([value] if labels else [], figure)
    return family


def _signs_of_life(now: datetime) -> Iterator[GaugeMetricFamily]:
    """Give the ages of what was carried out; what never was has none."""
    ages = {
        name: (now - ticked_at).total_seconds()
        for name, ticked_at in Heartbeat.objects.values_list("name", "ticked_at")
    }
    family = GaugeMetricFamily(
        "suite_heartbeat_age_seconds",
        "Since a tick went through beat, and each queue.",
        labels=["part"],
    )
    for part in (BEAT, *QUEUES):
        if part in ages:
            family.add_metric([part], ages[part])
    yield family
    backup = GaugeMetricFamily("suite_backup_age_seconds", "Since a backup was last verified.")
    if BACKUP in ages:
        backup.add_metric([], ages[BACKUP])
    yield backup


def _of_broker() -> Iterator[GaugeMetricFamily]:
    length = GaugeMetricFamily("suite_queue_length", "Messages that wait.", labels=["queue"])
    age = GaugeMetricFamily(
        "suite_queue_age_seconds", "Age of the message that waits longest.", labels=["queue"]
    )
    try:
        with _broker() as broker:
            for queue in QUEUES:
                length.add_metric([queue], broker.llen(queue))
                age.add_metric([queue], _age_of(broker.lindex(queue, -1)))
        up = 1
    except RedisError:
        logger.warning("The queues could not be read.", exc_info=True)
        up = 0
    yield GaugeMetricFamily("suite_broker_up", "Whether the broker answered.", up)
    if up:
        yield from (length, age)


def _broker() -> Any:
    return Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_timeout=BROKER_SECONDS,
        socket_connect_timeout=BROKER_SECONDS,
    )


def _age_of(message: bytes | None) -> float:
    """Return how long ago a message was queued; 0 for none, and for one that does not say.

    A worker leaves out one that is none; until then it hides no figure.
    """
    if message is None:
        return 0
    try:
        return max(time.time() - float(json.loads(message)["headers"][QUEUED_AT]), 0)
    except (ValueError, TypeError, LookupError):
        return 0


def _of_disks() -> Iterator[GaugeMetricFamily]:
    free = GaugeMetricFamily("suite_disk_free_bytes", "Room that is left.", labels=["folder"])
    size = GaugeMetricFamily("suite_disk_size_bytes", "Room in all.", labels=["folder"])
    for name in ("media", "private"):
        try:
            usage = shutil.disk_usage(settings.DATA_DIR / name)
        except FileNotFoundError:
            # Where an object store holds the files there is no folder.
            continue
        except OSError:
            logger.warning("The room of the folder %s could not be read.", name, exc_info=True)
            continue
        free.add_metric([name], usage.free)
        size.add_metric([name], usage.total)
    yield from (free, size)
