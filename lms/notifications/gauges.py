"""What waits to be sent and what did not arrive, for whoever keeps the server running."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count

from lms.core.gauges import Gauge
from lms.notifications.domain.transitions import due_reminders
from lms.notifications.enums import UNDELIVERED_STATES
from lms.notifications.models import Reminder


def _due(now: datetime) -> Mapping[str, float]:
    return {"": due_reminders(now=now).count()}


def _failed(now: datetime) -> Mapping[str, float]:
    ended = Reminder.objects.filter(state__in=UNDELIVERED_STATES).order_by()
    found = dict(ended.values_list("state").annotate(n=Count("pk")))
    return {state.value: found.get(state.value, 0) for state in UNDELIVERED_STATES}


GAUGES = (
    Gauge("reminders_due", "Reminders that the next tick would send.", _due),
    Gauge("reminders_failed", "Reminders that did not arrive, by state.", _failed, label="state"),
)
