"""Which way a reminder takes: chosen when it is planned, and anew when a way turns out to be closed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Min
from django.utils import timezone

from lms.core.local_time import local_moment
from lms.messaging.enums import Outcome
from lms.messaging.extensions import Reachable, channels, configured_channels
from lms.notifications.domain.dead_addresses import know_closed_ways
from lms.notifications.domain.devices import know_devices
from lms.notifications.domain.preferences import wishes_of
from lms.notifications.enums import PEOPLE, SITE, ReminderState
from lms.notifications.models import DeliveryAttempt, Reminder

SMS: Final = "sms"
#: Reminders by SMS that one person gets a day at most; codes for the log-in have limits of their own.
SMS_A_DAY_EACH: Final = 2
# These leave it certain that nothing arrived.
_NOT_SENT: Final = (Outcome.REFUSED, Outcome.NOT_NOW)


def choose_way(
    *,
    person: Reachable,
    without: Collection[str] = (),
    only: Collection[str] = (),
    wishes: Sequence[str] = (),
) -> str:
    """Return the first way by which the person can be reached: of the own `wishes`, then of the
    order set for the suite.

    `only` names the ways of a rule; none: all. `PEOPLE` where there is none: somebody has to call,
    and the call list says what to say. What stands in the site reaches nobody who does not look: it
    is chosen for who wants it so, and for nobody else.
    """
    if wishes[:1] == (SITE,):
        return SITE
    if not hasattr(person, "closed_ways"):
        know_closed_ways([person])
    closed: Collection[str] = person.closed_ways  # type: ignore[attr-defined]
    for key in (*wishes, *settings.SUITE_WAYS):
        channel = channels.get(key)
        if (
            channel is not None
            and key not in {SITE, *without, *closed}
            and (not only or key in only)
            and channel.is_configured()
            and channel.address_of(person)
        ):
            return key
    return PEOPLE


def know_people(people: Sequence[Any]) -> None:
    """Note with each of these people what `choose_way` looks at; otherwise it asks one by one."""
    know_devices(people)
    know_closed_ways(people)


def next_ways(
    *, reminders: Collection[Reminder], without: Collection[str] = ()
) -> Mapping[int, tuple[str, bool]]:
    """Return for each its way after those that have come to nothing, the present one among them, and
    none of `without`; and whether any was tried. Three queries, whatever their number; four where
    devices are messaged.
    """
    tried: dict[int, set[str]] = defaultdict(set)
    attempts = DeliveryAttempt.objects.filter(reminder__in=reminders).order_by()
    for pk, way in attempts.values_list("reminder", "channel"):
        tried[pk].add(way)
    wishes = wishes_of(pairs={(one.user_id, one.rule.kind) for one in reminders})
    know_people([one.user for one in reminders])
    return {
        one.pk: (
            choose_way(
                person=one.user,
                without={one.way, *without, *tried[one.pk]},
                only=one.rule.ways,
                wishes=wishes.get((one.user_id, one.rule.kind), ()),
            ),
            bool(tried[one.pk]),
        )
        for one in reminders
    }


def sms_of_today(*, user_ids: Collection[int], now: datetime) -> Mapping[int, int]:
    """Return how many messages each of these has got by SMS since midnight, perhaps included."""
    midnight = local_moment(timezone.localdate(now))
    rows = DeliveryAttempt.objects.filter(
        channel=SMS, started_at__gte=midnight, reminder__user__in=user_ids
    ).exclude(outcome__in=_NOT_SENT)
    # Several reminders in one message are one.
    counted = rows.order_by().values_list("reminder__user")
    return dict(counted.annotate(n=Count("message_id", distinct=True)))


def enough_by_sms(
    *, reminders: Collection[Reminder], ways: Mapping[int, str], now: datetime
) -> set[int]:
    """Return those of these whose way is SMS and whose people get no more of it today; no query where
    nobody would.
    """
    by_sms = [one for one in reminders if ways[one.pk] == SMS]
    used = sms_of_today(user_ids={one.user_id for one in by_sms}, now=now) if by_sms else {}
    return {one.pk for one in by_sms if used.get(one.user_id, 0) >= SMS_A_DAY_EACH}


def waiting_by_way(*, now: datetime) -> Mapping[str, tuple[int, datetime]]:
    """Return how many reminders are due and not handed over, by way, and since when the first; a pause
    does not hide them.
    """
    rows = Reminder.objects.filter(
        state__in=(ReminderState.PLANNED, ReminderState.CLAIMED),
        due_at__lte=now,
        expires_at__gt=now,
        rule__enabled=True,
    )
    counted = rows.order_by().values_list("way").annotate(n=Count("pk"), first=Min("due_at"))
    return {way: (count, first) for way, count, first in counted}


def cost_of(*, by_way: Mapping[str, int], parts: int) -> int | None:
    """Return what so many messages cost in dong, as far as prices are set; None where none is.

    `parts`: as how many messages each SMS is paid for.
    """
    prices = {one.key: price for one in configured_channels() if (price := one.price())}
    if not prices:
        return None
    return sum(
        price * by_way.get(way, 0) * (parts if way == SMS else 1) for way, price in prices.items()
    )
