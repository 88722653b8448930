"""How each way is doing, for whoever keeps the server running."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from lms.core.gauges import Gauge
from lms.messaging.extensions import configured_channels
from lms.messaging.models import WayHealth


def _failing(now: datetime) -> Mapping[str, float]:
    rows = dict(WayHealth.objects.values_list("way", "failing_since"))
    since = {one.key: rows.get(one.key) for one in configured_channels()}
    return {way: (now - at).total_seconds() if at else 0 for way, at in since.items()}


def _accepted(now: datetime) -> Mapping[str, float]:
    rows = WayHealth.objects.filter(counted_on=timezone.localdate(now))
    counts = dict(rows.values_list("way", "accepted"))
    return {one.key: counts.get(one.key, 0) for one in configured_channels()}


GAUGES = (
    Gauge(
        "way_failing_seconds",
        "How long a way to people has been failing; 0 while it works.",
        _failing,
        label="way",
    ),
    Gauge("way_accepted_today", "Messages accepted today, by way.", _accepted, label="way"),
)
