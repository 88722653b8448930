"""How each way stands, for whoever looks after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise

from lms.messaging.domain.health import limit_of_reminders
from lms.messaging.enums import WayCondition
from lms.messaging.extensions import Channel, channels
from lms.messaging.models import WayHealth


@dataclass(frozen=True)
class WayState:
    """One way as it stands now. `limit` and `price` are None where none is set."""

    key: str
    label: str | Promise
    condition: WayCondition
    health: WayHealth
    sent_today: int
    limit: int | None
    price: int | None
    cost_at_most: int | None


def way_states(*, now: datetime) -> Sequence[WayState]:
    """Return every way that the suite knows, in the order of registration, set up or not."""
    rows = WayHealth.objects.in_bulk()
    return [_state(one, rows.get(one.key) or WayHealth(way=one.key), now) for one in channels]


def _state(channel: Channel, health: WayHealth, now: datetime) -> WayState:
    is_of_today = health.counted_on == timezone.localdate(now)
    sent, most = health.accepted if is_of_today else 0, limit_of_reminders(channel)
    price = channel.price()
    # From here on reminders wait: the rest of the limit is for codes.
    is_full = most is not None and sent >= most
    return WayState(
        key=channel.key,
        label=channel.label,
        condition=_condition(channel, health, is_full=is_full, now=now),
        health=health,
        sent_today=sent,
        limit=channel.daily_limit(),
        price=price,
        # Each message may have had parts.
        cost_at_most=None if price is None else sent * channel.most_parts() * price,
    )


def _condition(
    channel: Channel, health: WayHealth, *, is_full: bool, now: datetime
) -> WayCondition:
    """Return what keeps messages from going this way, the worst first."""
    if not channel.is_configured():
        return WayCondition.NOT_SET_UP
    if health.paused_until is not None and health.paused_until > now:
        return WayCondition.PAUSED
    if health.failing_since is not None:
        return WayCondition.FAILING
    if is_full:
        return WayCondition.FULL
    if health.last_accepted_at is None and health.last_failure_at is None:
        return WayCondition.UNTRIED
    return WayCondition.WORKS
