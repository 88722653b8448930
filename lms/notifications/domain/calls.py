"""Whom somebody has to call, since nothing else reached the person; and what came of a call."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Min, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import Posting, User
from lms.core.refusal import Refusal
from lms.messaging.enums import Outcome
from lms.notifications.domain.dead_addresses import note_alive, note_dead
from lms.notifications.domain.transitions import move
from lms.notifications.enums import (
    PEOPLE,
    TO_BE_CALLED_STATES,
    CallResult,
    ReceiptState,
    ReminderState,
)
from lms.notifications.models import DeliveryAttempt, Reminder, ReminderQuerySet

_OUTCOMES = {
    CallResult.REACHED: Outcome.ACCEPTED,
    CallResult.NO_ANSWER: Outcome.NOT_NOW,
    CallResult.WRONG_NUMBER: Outcome.REFUSED,
}


@dataclass(frozen=True)
class Call:
    """One person to be called, and all that is to be said; `tries` without an answer so far."""

    person: User
    commune: str
    reminders: Sequence[Reminder]
    tries: int
    number_is_wrong: bool


def reminders_to_call(*, reader: User, now: datetime) -> ReminderQuerySet:
    """Return what the reader's people were not told by any way and would still be in time."""
    rows = Reminder.objects.visible_to(reader).exclude(user=reader)
    return rows.filter(state__in=TO_BE_CALLED_STATES, expires_at__gt=now, user__is_active=True)


def people_to_call(*, reader: User, now: datetime) -> QuerySet[User]:
    """Return each of these people once, by commune, class and name."""
    waiting = reminders_to_call(reader=reader, now=now)
    posts = Posting.objects.on(timezone.localdate(now)).filter(user=OuterRef("pk"))
    commune = Subquery(posts.order_by("pk").values("unit__display_name")[:1])
    run = waiting.filter(user=OuterRef("pk")).order_by().values("user")
    return (
        User.objects.filter(pk__in=waiting.values("user"))
        .annotate(
            commune=Coalesce(commune, Value(""), output_field=CharField()),
            run_title=Subquery(run.annotate(first=Min("run_title")).values("first")),
        )
        .order_by("commune", "run_title", "sort_key", "pk")
    )


def calls_to(*, people: Sequence[User], reader: User, now: datetime) -> list[Call]:
    """Return the calls to these of `people_to_call`, in their order. Two queries."""
    rows = reminders_to_call(reader=reader, now=now).filter(user__in=people)
    reminders = list(rows.select_related("notice").order_by("due_at", "pk"))
    attempts = DeliveryAttempt.objects.filter(reminder__in=reminders, channel=PEOPLE)
    to_say: dict[int, list[Reminder]] = defaultdict(list)
    for row in reminders:
        to_say[row.user_id].append(row)
    # A call is noted with each thing that was to be said: its moment tells calls apart.
    tried: dict[int, dict[datetime, str]] = defaultdict(dict)
    told = attempts.order_by("pk").values_list("reminder__user", "started_at", "detail")
    for user_id, at, detail in told:
        tried[user_id][at] = detail
    return [
        Call(
            person=one,
            commune=one.__dict__["commune"],
            reminders=to_say[one.pk],
            tries=len(tried[one.pk]),
            number_is_wrong=CallResult.WRONG_NUMBER in tried[one.pk].values(),
        )
        for one in people
    ]


def record_call(*, person: User, result: CallResult, by: User, now: datetime) -> int:
    """Note what came of a call with everything that waited to be said in it; return how much.

    Reached: sent, with the caller as its proof. A wrong number has failed, until somebody puts the
    number right. No answer changes nothing. Raises Refusal `not_to_be_called`.
    """
    with transaction.atomic():
        waiting = reminders_to_call(reader=by, now=now).filter(user=person)
        reminders = list(waiting.select_for_update(of=("self",)))
        if not reminders:
            raise Refusal(
                "not_to_be_called",
                _("There is nothing left to tell this person: somebody else may have called."),
            )
        reached = result == CallResult.REACHED
        DeliveryAttempt.objects.bulk_create(
            DeliveryAttempt(
                reminder=one,
                channel=PEOPLE,
                caller=by,
                started_at=now,
                finished_at=now,
                outcome=_OUTCOMES[result],
                detail=result,
                receipt=ReceiptState.DELIVERED if reached else "",
                receipt_at=now if reached else None,
            )
            for one in reminders
        )
        _note_number(person, result, now)
        end = {
            CallResult.REACHED: ReminderState.SENT,
            CallResult.WRONG_NUMBER: ReminderState.FAILED,
        }.get(result)
        if end is not None:
            for state in TO_BE_CALLED_STATES:
                move(reminders, state, end)
    return len(reminders)


def _note_number(person: User, result: CallResult, now: datetime) -> None:
    """Note what the call says about the number itself."""
    if result == CallResult.REACHED:
        note_alive(people=[person], way=PEOPLE, by_receipt=True)
    elif result == CallResult.WRONG_NUMBER:
        note_dead(user=person, way=PEOPLE, detail="", by_receipt=True, now=now)
