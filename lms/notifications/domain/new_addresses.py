"""Whoever was to be called and has got an address since: the message leaves by itself."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q

from lms.messaging.extensions import configured_channels
from lms.notifications.domain.transitions import move
from lms.notifications.domain.ways import enough_by_sms, next_ways
from lms.notifications.enums import PEOPLE, SITE, ReminderState
from lms.notifications.models import DeadAddress, Reminder, ReminderRule, WayChoice

BATCH: Final = 1000


def leave_call_list(*, now: datetime) -> int:
    """Move to be called → planned what a way reaches by now, and return how much; what would come too
    late stays. Two queries, and a constant number more for each batch of those whom a way may reach:
    whoever has no address, the most by far, is not loaded.
    """
    rows = Reminder.objects.filter(
        _may_be_reached(),
        state=ReminderState.UNREACHABLE,
        expires_at__gt=now,
        user__is_active=True,
    )
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    batches = (pks[start : start + BATCH] for start in range(0, len(pks), BATCH))
    return sum(
        _plan_again(list(rows.select_related("rule", "user").filter(pk__in=batch)), now)
        for batch in batches
    )


def _may_be_reached() -> Q:
    """Return what is of a rule that is on and to somebody who has, by one of its ways, an address that
    nobody has given up; or who wants to read it in the site alone.
    """
    rules = dict(ReminderRule.objects.filter(enabled=True).values_list("pk", "ways"))
    alone = WayChoice.objects.filter(way=SITE).order_by().values("user")
    found = Q(rule__in=rules, user__in=alone)
    for channel in configured_channels():
        if channel.key == SITE:
            continue
        allowed = [pk for pk, ways in rules.items() if not ways or channel.key in ways]
        given_up = DeadAddress.objects.current().filter(
            way=channel.key, call_instead=True, user=OuterRef("user")
        )
        found |= Q(~Exists(given_up), channel.may_reach("user"), rule__in=allowed)
    return found


def _plan_again(rows: Sequence[Reminder], now: datetime) -> int:
    found = {pk: way for pk, (way, _tried) in next_ways(reminders=rows).items()}
    enough = enough_by_sms(reminders=rows, ways=found, now=now)
    onward: dict[str, list[Reminder]] = defaultdict(list)
    for row in rows:
        way = found[row.pk]
        # Whom no more may be sent today would be on the list again within a minute.
        if way != PEOPLE and row.pk not in enough:
            onward[way].append(row)
    return sum(
        move(those, ReminderState.UNREACHABLE, ReminderState.PLANNED, way=way)
        for way, those in onward.items()
    )
