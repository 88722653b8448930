"""The circuit breaker of each way: a provider that is silent is left alone for a while.

One row a way, seen by all processes. Each change is one guarded UPDATE, so that of two workers
that would try a way again one does.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from lms.messaging.extensions import Channel
from lms.messaging.models import WayHealth

#: Failures one after another from which on the way is left alone.
OPENS_AFTER: Final = 3
#: How long, after this failure and each further one.
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10))
#: What reminders leave of the limit of a day.
KEPT_FOR_CODES: Final = 0.1
#: How long whoever tries again may take before another one may.
TRIAL: Final = timedelta(minutes=1)


def may_be_tried(*, way: str, now: datetime) -> bool:
    """Return whether to use the way now; after a pause, one caller alone is told so."""
    found = WayHealth.objects.filter(way=way).first()
    if found is None or found.paused_until is None:
        return True
    if found.paused_until > now:
        return False
    return bool(
        WayHealth.objects.filter(way=way, paused_until=found.paused_until).update(
            paused_until=now + TRIAL
        )
    )


def is_paused(*, way: str, now: datetime) -> bool:
    """Return whether nothing goes this way now; takes nobody's turn."""
    return WayHealth.objects.filter(way=way, paused_until__gt=now).exists()


def standing_still(*, since: datetime) -> QuerySet[WayHealth]:
    """Return the ways that have been left alone again and again since then or longer."""
    return WayHealth.objects.filter(failures__gte=OPENS_AFTER, failing_since__lte=since)


def note_accepted(*, way: str, count: int, now: datetime) -> None:
    """Note that the way works, and how many messages more it took today."""
    today = timezone.localdate(now)
    _row(way).update(
        failures=0,
        failing_since=None,
        paused_until=None,
        last_accepted_at=now,
        accepted=Case(When(counted_on=today, then=F("accepted") + count), default=Value(count)),
        counted_on=today,
    )


def note_answered(*, way: str) -> None:
    """Note that the provider answers, even though it took nothing: its pause is over."""
    WayHealth.objects.filter(way=way, failures__gt=0).update(
        failures=0, failing_since=None, paused_until=None
    )


def note_failure(*, way: str, detail: str, now: datetime) -> None:
    """Note that the line did not stand; from the third time on the way is left alone."""
    row = _row(way)
    row.update(
        failures=F("failures") + 1,
        failing_since=Case(When(failures=0, then=Value(now)), default=F("failing_since")),
        last_failure_at=now,
        last_detail=detail,
    )
    failures = row.values_list("failures", flat=True).get()
    if failures >= OPENS_AFTER:
        pause = PAUSES[min(failures - OPENS_AFTER, len(PAUSES) - 1)]
        row.update(paused_until=now + pause)


def take_way(*, way: str, now: datetime, until: datetime) -> bool:
    """Take the way for a queue of messages; return whether it was free.

    With a process for each way none has to wait for another: a silent one holds one of them.
    """
    free = Q(taken_until=None) | Q(taken_until__lte=now)
    return bool(_row(way).filter(free).update(taken_until=until))


def free_way(*, way: str, until: datetime) -> None:
    """Give back what was taken `until` then; what another one has taken since stays taken."""
    WayHealth.objects.filter(way=way, taken_until=until).update(taken_until=None)


def left_today(*, channel: Channel, now: datetime, for_codes: bool = False) -> int | None:
    """Return how many messages may still go this way today; None: as many as there are.

    The last part of the limit is for codes: reminders can wait for tomorrow, a log-in cannot.
    """
    limit = channel.daily_limit() if for_codes else limit_of_reminders(channel)
    if limit is None:
        return None
    today = timezone.localdate(now)
    used = WayHealth.objects.filter(way=channel.key, counted_on=today).values_list("accepted")
    return max(0, limit - sum(count for (count,) in used))


def limit_of_reminders(channel: Channel) -> int | None:
    """Return how many messages of a day may have gone this way before reminders wait for tomorrow; None:
    as many as there are.
    """
    limit = channel.daily_limit()
    if limit is None or not channel.carries_codes:
        return limit
    return limit - int(limit * KEPT_FOR_CODES)


def _row(way: str) -> QuerySet[WayHealth]:
    WayHealth.objects.get_or_create(way=way)
    return WayHealth.objects.filter(way=way)
