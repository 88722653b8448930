"""Lists that wait for a worker, for whoever keeps the server running."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Min

from lms.core.gauges import Gauge
from lms.importing.enums import WORKING_STATES
from lms.importing.models import ImportBatch


def _waiting(now: datetime) -> Mapping[str, float]:
    return {"": ImportBatch.objects.filter(state__in=WORKING_STATES).count()}


def _age(now: datetime) -> Mapping[str, float]:
    waiting = ImportBatch.objects.filter(state__in=WORKING_STATES)
    since = waiting.aggregate(since=Min("state_since"))["since"]
    return {"": (now - since).total_seconds() if since else 0}


GAUGES = (
    Gauge("imports_waiting", "Lists that a worker is at, or will be.", _waiting),
    Gauge("imports_age_seconds", "Since nothing was heard of the one that waits longest.", _age),
)
