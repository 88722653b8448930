"""The state walk of a reminder: every change of state is one of these functions, or of
`handing_over`.

Each is one guarded UPDATE (`… WHERE state = …`) in a transaction of its own: of two workers
that try the same step one succeeds. Times of a state come from the clock, not from the
beginning of the tick, because staleness is counted from them.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import (
    Case,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.models import User
from lms.core.local_time import local_moment
from lms.core.refusal import Refusal
from lms.messaging.enums import Outcome
from lms.notifications.domain.dead_addresses import address_mark, note_dead
from lms.notifications.domain.pausing import may_leave
from lms.notifications.domain.preferences import wishes_of
from lms.notifications.domain.ways import choose_way, next_ways
from lms.notifications.enums import (
    PEOPLE,
    RESENDABLE_STATES,
    TO_BE_CALLED_STATES,
    DropReason,
    ReminderState,
)
from lms.notifications.extensions import reminder_kinds
from lms.notifications.models import DeliveryAttempt, Reminder, ReminderRule, SendingPause

# How long to wait after the first, second, … try that certainly delivered nothing.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
MAX_ATTEMPTS = len(PAUSES) + 1
# By so much of itself a pause may last longer.
JITTER = 0.25
# Of no secret: tests give it a beginning of their own.
chance = random.Random()  # noqa: S311
# Longer than a living worker can take over one message.
STALE_AFTER = timedelta(minutes=2)
# Of so many times as many people those are taken whom no other worker holds.
_PASSED_OVER = 4
SEND_AGAIN_ACTION = "notifications.send_again"


def due_reminders(
    *, now: datetime, until: datetime | None = None, rested: bool = True
) -> QuerySet[Reminder]:
    """Return what is to be sent now, or by then: not of rules that are switched off or whose app is gone,
    nothing during a pause, at night and on days off only what is urgent. `rested` False: what rests
    after a try as well.
    """
    leaving = may_leave(now=now)
    if leaving is None:
        return Reminder.objects.none()
    return Reminder.objects.filter(
        leaving,
        _rested() if rested else Q(),
        state=ReminderState.PLANNED,
        due_at__lte=until or now,
        rule__enabled=True,
        rule__kind__in=[kind.key for kind in reminder_kinds],
    )


def claim_due(*, now: datetime, limit: int, way: str) -> list[Reminder]:
    """Take what is due this way to up to `limit` people: planned → claimed. What is urgent goes first,
    then class by class the longest due.

    What one person is due is taken together, with what is due later that day: it goes in one message.
    Whoever takes it holds the first of these rows: another worker passes over all of them.
    """
    tomorrow = local_moment(timezone.localdate(now) + timedelta(days=1))
    of_day = due_reminders(now=now, until=tomorrow).filter(way=way, due_at__lt=tomorrow)
    heads = _heads(of_day, now=now, limit=limit * _PASSED_OVER)
    if not heads:
        return []
    with transaction.atomic():
        first: list[Reminder] = []
        while heads and len(first) < limit:
            missing = limit - len(first)
            first += _those_free(of_day, heads[:missing])
            heads = heads[missing:]
        claimed = first + _of_the_same(first, of_day)
        move(claimed, ReminderState.PLANNED, ReminderState.CLAIMED)
    return claimed


def _heads(of_day: QuerySet[Reminder], *, now: datetime, limit: int) -> list[int]:
    """Return the first row of up to `limit` people to whom something is due, in the order of the claim.

    Of what is equally urgent each class has its turn, in itself the longest due first: the many of
    one hold up no other. What is about no class takes turns by its rule.

    Counted in one go: asked of each row whether another comes before it, a database without
    statistics of what was planned a moment ago reads everything that waits for each of them.
    """
    is_urgent = Max(Case(When(urgent=True, due_at__lte=now, then=1), default=0))
    people = of_day.order_by().values("user").annotate(head=Min("pk"), since=Min("due_at"))
    due = people.filter(since__lte=now).annotate(
        is_urgent=is_urgent, about=Coalesce(Min("run_number"), -Min("rule"))
    )
    turn = Window(
        RowNumber(), partition_by=[F("is_urgent"), F("about")], order_by=[F("since"), F("head")]
    )
    in_turn = due.annotate(turn=turn).order_by("-is_urgent", "turn", "since", "head")
    return list(in_turn.values_list("head", flat=True)[:limit])


def _those_free(of_day: QuerySet[Reminder], pks: Sequence[int]) -> list[Reminder]:
    """Return these rows in their order, locked, without those that another worker holds."""
    free = {row.pk: row for row in _locked(of_day.filter(pk__in=pks))}
    return [free[pk] for pk in pks if pk in free]


def _of_the_same(first: list[Reminder], of_day: QuerySet[Reminder]) -> list[Reminder]:
    """Return what else of the day there is for the same people."""
    rows = of_day.filter(user__in={row.user_id for row in first}).order_by("due_at", "pk")
    return list(_locked(rows.exclude(pk__in=[row.pk for row in first])))


def _locked(rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
    known = rows.select_related("rule", "user__wagtail_userprofile")
    return known.select_for_update(skip_locked=True, of=("self",))


def move(
    reminders: Collection[Reminder], old: ReminderState, new: ReminderState, **values: Any
) -> int:
    """Move those that are still in the state `old`; the number moved."""
    return Reminder.objects.filter(pk__in=[row.pk for row in reminders], state=old).update(
        state=new, state_since=timezone.now(), **values
    )


def put_back(*, reminders: Sequence[Reminder]) -> None:
    """Move claimed → planned, as if never taken."""
    move(reminders, ReminderState.CLAIMED, ReminderState.PLANNED)


def postpone(*, reminders: Sequence[Reminder], detail: str, by_way: bool) -> Counter[ReminderState]:
    """Move claimed → planned after a growing pause; when all tries are used up, on to the next way
    where the hindrance is the way's (`by_way`), else failed.

    For a hindrance met before any hand-over; noted as an attempt of each.
    """
    now = timezone.now()
    with transaction.atomic():
        DeliveryAttempt.objects.bulk_create(
            DeliveryAttempt(
                reminder=reminder,
                channel=reminder.way,
                started_at=now,
                finished_at=now,
                outcome=Outcome.NOT_NOW,
                detail=detail,
            )
            for reminder in reminders
        )
        again = [row for row in reminders if row.attempts + 1 < MAX_ATTEMPTS]
        moved = Counter(
            {
                ReminderState.PLANNED: move(
                    again,
                    ReminderState.CLAIMED,
                    ReminderState.PLANNED,
                    attempts=F("attempts") + 1,
                    rest_until=rest_after(is_counted=False),
                )
            }
        )
        spent = [row for row in reminders if row not in again]
        if by_way:
            moved.update(take_next_ways(reminders=spent, old=ReminderState.CLAIMED))
        else:
            moved[ReminderState.FAILED] += move(spent, ReminderState.CLAIMED, ReminderState.FAILED)
    return moved


def take_next_ways(
    *, reminders: Collection[Reminder], old: ReminderState, without: Collection[str] = ()
) -> Counter[ReminderState]:
    """Move each on to a way not tried yet, and none of `without`, due at once; return how many came
    into which state.

    Where there is none: to be called when nothing was tried, else failed. Queries by way, not by
    reminder.
    """
    onward: dict[tuple[ReminderState, str], list[Reminder]] = defaultdict(list)
    ways = next_ways(reminders=reminders, without=without) if reminders else {}
    for reminder in reminders:
        way, was_tried = ways[reminder.pk]
        if way != PEOPLE:
            onward[ReminderState.PLANNED, way].append(reminder)
        elif was_tried:
            onward[ReminderState.FAILED, ""].append(reminder)
        else:
            onward[ReminderState.UNREACHABLE, PEOPLE].append(reminder)
    for (state, way), rows in onward.items():
        values: dict[str, Any] = {"way": way} if way else {}
        if state == ReminderState.PLANNED:
            values |= {"attempts": 0, "rest_until": None}
        move(rows, old, state, **values)
    return Counter(state for (state, _way), rows in onward.items() for _row in rows)


def deny_delivery(*, attempt: DeliveryAttempt, detail: str, now: datetime) -> None:
    """Move sent or uncertain → the next way, since the provider says that it did not arrive.

    Only of the last attempt: what went another way since stays as it is. What would come too late
    has failed.
    """
    reminder = attempt.reminder
    user, way = reminder.user, attempt.channel
    # A mail may come back days later: of an address put right since it says nothing.
    if attempt.address_mark in ("", address_mark(user=user, way=way)):
        note_dead(user=user, way=way, detail=detail, by_receipt=True, now=now)
    open_states = (ReminderState.SENT, ReminderState.UNCERTAIN)
    newer = reminder.deliveries.filter(pk__gt=attempt.pk)
    if reminder.state not in open_states or newer.exists():
        return
    state = ReminderState(reminder.state)
    if reminder.expires_at > now:
        take_next_ways(reminders=[reminder], old=state)
    else:
        move([reminder], state, ReminderState.FAILED)


def confirm_delivery(*, attempt: DeliveryAttempt, was_denied: bool) -> None:
    """Move uncertain → sent, since the provider says that it arrived.

    Where it had denied that before and nothing was tried since, whatever followed from it ends: the
    person is told no second time, and called by nobody.
    """
    reminder = attempt.reminder
    move([reminder], ReminderState.UNCERTAIN, ReminderState.SENT)
    if was_denied and not reminder.deliveries.filter(pk__gt=attempt.pk).exists():
        for state in (ReminderState.PLANNED, *TO_BE_CALLED_STATES):
            move([reminder], state, ReminderState.SENT, way=attempt.channel)


def cancel_expired(*, now: datetime) -> int:
    """Move planned → cancelled for all that would come too late; return the number cancelled."""
    expired = Reminder.objects.filter(state=ReminderState.PLANNED, expires_at__lte=now)
    paused = SendingPause.objects.filter(
        started_at__lt=OuterRef("expires_at"), until__gt=OuterRef("due_at")
    )
    off = ReminderRule.objects.filter(pk=OuterRef("rule"), enabled=False)
    return expired.update(
        state=ReminderState.CANCELLED,
        state_since=timezone.now(),
        reason=Case(
            When(Exists(off), then=Value(DropReason.RULE_OFF)),
            When(Exists(paused), then=Value(DropReason.PAUSED)),
            default=Value(DropReason.LATE),
        ),
    )


def recover_stale(*, now: datetime) -> int:
    """Take up what a killed worker left behind; the number of rows.

    Claimed: planned again, since nothing was handed over. Handing over: uncertain, and never
    sent again by itself, since the server may have taken it.
    """
    since = now - STALE_AFTER
    changed = timezone.now()
    stale = Reminder.objects.filter(state_since__lt=since)
    with transaction.atomic():
        claimed = stale.filter(state=ReminderState.CLAIMED)
        recovered = claimed.update(state=ReminderState.PLANNED, state_since=changed)
        # The attempt before its reminder, as in `handing_over`: no deadlock with a late worker.
        DeliveryAttempt.objects.filter(
            outcome="",
            reminder__state=ReminderState.HANDING_OVER,
            reminder__state_since__lt=since,
        ).update(outcome=Outcome.UNKNOWN, finished_at=changed)
        begun = stale.filter(state=ReminderState.HANDING_OVER)
        recovered += begun.update(state=ReminderState.UNCERTAIN, state_since=changed)
    return recovered


def send_again(*, reminder: Reminder, by: User, now: datetime) -> None:
    """Move failed or uncertain → planned, because a person says so; logged with the person.

    Raises Refusal `not_resendable` when it is in another state by now or would come too late.
    """
    pair = (reminder.user_id, reminder.rule.kind)
    with transaction.atomic():
        again = Reminder.objects.filter(
            pk=reminder.pk, state__in=RESENDABLE_STATES, expires_at__gt=now
        ).update(
            state=ReminderState.PLANNED,
            state_since=timezone.now(),
            attempts=0,
            rest_until=None,
            # The address may have been put right since.
            way=choose_way(
                person=reminder.user,
                only=reminder.rule.ways,
                wishes=wishes_of(pairs={pair}).get(pair, ()),
            ),
        )
        if not again:
            now_it_is = Reminder.objects.get(pk=reminder.pk).get_state_display()
            raise Refusal(
                "not_resendable",
                _(
                    "This reminder cannot be sent again: it did not fail, or it would come too "
                    "late. Its state is now: %(state)s."
                )
                % {"state": now_it_is},
            )
        log(
            instance=reminder,
            action=SEND_AGAIN_ACTION,
            user=by,
            data={"state": reminder.state},
        )


def rest_after(*, is_counted: bool) -> Case:
    """Return until when a row rests after a try: a growing pause, drawn out by chance, so that what
    failed together does not come back together.

    `is_counted`: the row's `attempts` know of this try. One draw a call: what goes in one message to
    a person rests equally long.
    """
    now, longer = timezone.now(), 1 + chance.uniform(0, JITTER)
    return Case(
        *(
            When(attempts=tries, then=Value(now + pause * longer))
            for tries, pause in enumerate(PAUSES, start=int(is_counted))
        )
    )


def _rested() -> Q:
    """Return those never put off, and those whose pause is over."""
    return Q(rest_until=None) | Q(rest_until__lte=timezone.now())
