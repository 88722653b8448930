"""A way that stands still for hours: what waits for it takes the next way of its person."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from lms.messaging.domain.health import standing_still
from lms.messaging.enums import Outcome
from lms.messaging.models import WayHealth
from lms.notifications.domain.transitions import due_reminders, take_next_ways
from lms.notifications.domain.ways import enough_by_sms, next_ways
from lms.notifications.enums import PEOPLE, ReminderState
from lms.notifications.models import DeliveryAttempt, Reminder

# So many rows are held at a time: whoever sends meanwhile passes them over.
BATCH = 500


def leave_silent_ways(*, now: datetime) -> int:
    """Move what waits for a way that has stood still for `SUITE_WAY_PATIENCE_HOURS` on to the next
    way that does not; return the number moved.

    Only what the way failed to take since it was due, and what it has certainly not got: the rest
    goes by the way once it is back. Nothing returns to a way that it left, and whoever has no other,
    or gets no more by SMS today, waits on.
    """
    patience = settings.SUITE_WAY_PATIENCE_HOURS
    if not patience:
        return 0
    silent = {one.way: one for one in standing_still(since=now - timedelta(hours=patience))}
    return sum(_leave(one, silent, now) for one in silent.values())


def _leave(health: WayHealth, silent: Mapping[str, WayHealth], now: datetime) -> int:
    waiting = _certainly_waiting(health, now)
    moved, last = 0, 0
    while pks := list(waiting.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        moved, last = moved + _move_on(pks, health, silent, now), pks[-1]
    return moved


def _certainly_waiting(health: WayHealth, now: datetime) -> QuerySet[Reminder]:
    perhaps_sent = DeliveryAttempt.objects.filter(
        reminder=OuterRef("pk"), outcome__in=("", Outcome.UNKNOWN)
    )
    due = due_reminders(now=now, rested=False).filter(
        ~Exists(perhaps_sent),
        way=health.way,
        due_at__lte=health.last_failure_at or now,
        expires_at__gt=now,
    )
    return due.order_by("pk")


@transaction.atomic
def _move_on(
    pks: list[int], health: WayHealth, silent: Mapping[str, WayHealth], now: datetime
) -> int:
    rows = Reminder.objects.filter(pk__in=pks, way=health.way, state=ReminderState.PLANNED)
    held = rows.select_related("rule", "user").select_for_update(skip_locked=True, of=("self",))
    found = next_ways(reminders=list(held), without=silent)
    ways = {pk: way for pk, (way, _tried) in found.items()}
    enough = enough_by_sms(reminders=held, ways=ways, now=now)
    onward = [row for row in held if ways[row.pk] != PEOPLE and row.pk not in enough]
    # Told by the timeline, and why it never comes back to this way.
    DeliveryAttempt.objects.bulk_create(
        DeliveryAttempt(
            reminder=row,
            channel=health.way,
            started_at=now,
            finished_at=now,
            outcome=Outcome.NOT_NOW,
            detail=health.last_detail,
        )
        for row in onward
    )
    take_next_ways(reminders=onward, old=ReminderState.PLANNED, without=silent)
    return len(onward)
