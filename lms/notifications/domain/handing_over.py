"""The part of a reminder's walk in which a provider may have it: begun, and ended by an answer.

Messages are begun and ended several at a time, each time in one commit: as many as leave within a
moment. Killed in between, they are *perhaps sent*, those among them as well that had not left yet.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from lms.accounts.models import User
from lms.messaging.enums import Outcome
from lms.messaging.extensions import Answer
from lms.notifications.domain.dead_addresses import address_mark, note_alive, note_dead
from lms.notifications.domain.letters import reminder_key
from lms.notifications.domain.transitions import (
    MAX_ATTEMPTS,
    move,
    put_back,
    rest_after,
    take_next_ways,
)
from lms.notifications.enums import ReminderState
from lms.notifications.models import DeliveryAttempt, Reminder

#: The attempts of one message, and what the provider answered.
Ended = tuple[Sequence[DeliveryAttempt], Answer]


def begin_hand_over(*, letters: Sequence[Sequence[Reminder]]) -> list[list[DeliveryAttempt]]:
    """Move claimed → handing over, committed before the channel gets the first of these messages;
    return the attempts of each, a message being the reminders that it tells.

    Of a message none, where the claim of one of its reminders was lost meanwhile: the others are
    planned again.
    """
    now, rows = timezone.now(), [row for letter in letters for row in letter]
    with transaction.atomic(durable=True):
        attempts = F("attempts") + 1
        moved = move(rows, ReminderState.CLAIMED, ReminderState.HANDING_OVER, attempts=attempts)
        if moved == len(rows):
            begun = [
                [
                    DeliveryAttempt(
                        reminder=row,
                        channel=row.way,
                        started_at=now,
                        message_id=key,
                        address_mark=address_mark(user=row.user, way=row.way),
                    )
                    for row in letter
                ]
                for letter in letters
                for key in [reminder_key(min(letter, key=lambda row: row.pk))]
            ]
            DeliveryAttempt.objects.bulk_create(one for letter in begun for one in letter)
            return begun
        transaction.set_rollback(True)
    if len(letters) > 1:
        return [attempts for one in letters for attempts in begin_hand_over(letters=[one])]
    put_back(reminders=rows)
    return [[]]


def give_back(*, attempts: Sequence[DeliveryAttempt]) -> None:
    """Move handing over → planned what was begun and has certainly not left: as if never taken."""
    with transaction.atomic():
        still_open = _lock_open(attempts)
        DeliveryAttempt.objects.filter(pk__in=[one.pk for one in still_open]).delete()
        tries = F("attempts") - 1
        move(
            [one.reminder for one in still_open],
            ReminderState.HANDING_OVER,
            ReminderState.PLANNED,
            attempts=tries,
        )


def end_hand_over(*, ended: Sequence[Ended]) -> Counter[ReminderState]:
    """Move handing over → what each answer means; return the new states.

    accepted: sent. refused: the next way, or failed. not now (certainly not accepted): planned
    again, and when all tries are used up as refused. unknown: uncertain. A constant number of
    queries, and some more for each other answer and each that was refused.
    """
    answers = {attempt.pk: answer for attempts, answer in ended for attempt in attempts}
    becoming: dict[ReminderState, list[Reminder]] = defaultdict(list)
    with transaction.atomic():
        _note_addresses(ended)
        still_open = _lock_open([attempt for attempts, _answer in ended for attempt in attempts])
        for attempt in still_open:
            outcome = answers[attempt.pk].outcome
            becoming[_state_after(attempt.reminder, outcome)].append(attempt.reminder)
        _write_answers(still_open, answers)
        # What `recover_stale` has given up meanwhile stays uncertain.
        states = Counter({ReminderState.UNCERTAIN: len(answers) - len(still_open)})
        for state, rows in becoming.items():
            states.update(_end(state, rows))
    return states


def _write_answers(attempts: Sequence[DeliveryAttempt], answers: Mapping[int, Answer]) -> None:
    """Write what was answered to these attempts; one query for all that were answered alike."""
    alike: dict[tuple[Outcome, str, bool], list[int]] = defaultdict(list)
    for one in attempts:
        answer = answers[one.pk]
        # A mail is called by our own key: nothing has to be told for each.
        is_ours = answer.reference == one.message_id
        alike[answer.outcome, answer.detail, is_ours].append(one.pk)
    for (outcome, detail, is_ours), pks in alike.items():
        given = [When(pk=pk, then=Value(answers[pk].reference)) for pk in pks if not is_ours]
        DeliveryAttempt.objects.filter(pk__in=pks).update(
            outcome=outcome,
            detail=detail,
            finished_at=timezone.now(),
            reference=Case(*given, default=F("message_id")),
        )


def _end(state: ReminderState, rows: Sequence[Reminder]) -> Counter[ReminderState]:
    if state == ReminderState.FAILED:
        return take_next_ways(reminders=rows, old=ReminderState.HANDING_OVER)
    rest = rest_after(is_counted=True) if state == ReminderState.PLANNED else None
    move(rows, ReminderState.HANDING_OVER, state, rest_until=rest)
    return Counter({state: len(rows)})


def _state_after(reminder: Reminder, outcome: Outcome) -> ReminderState:
    spent = reminder.attempts + 1 >= MAX_ATTEMPTS
    return {
        Outcome.ACCEPTED: ReminderState.SENT,
        Outcome.REFUSED: ReminderState.FAILED,
        Outcome.NOT_NOW: ReminderState.FAILED if spent else ReminderState.PLANNED,
        Outcome.UNKNOWN: ReminderState.UNCERTAIN,
    }[outcome]


def _lock_open(attempts: Sequence[DeliveryAttempt]) -> list[DeliveryAttempt]:
    """Return those that nobody has ended, held until the commit: the attempt before its reminder, as
    in `recover_stale`, so that none waits for the other.
    """
    rows = DeliveryAttempt.objects.filter(pk__in=[one.pk for one in attempts], outcome="")
    held = set(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    return [one for one in attempts if one.pk in held]


def _note_addresses(ended: Sequence[Ended]) -> None:
    """Note what the answers say about the addresses that the messages went to."""
    reached: dict[str, list[User]] = defaultdict(list)
    for attempts, answer in ended:
        user, way = attempts[0].reminder.user, attempts[0].channel
        if answer.outcome == Outcome.ACCEPTED:
            reached[way].append(user)
        elif answer.outcome == Outcome.REFUSED:
            now = timezone.now()
            note_dead(user=user, way=way, detail=answer.detail, by_receipt=False, now=now)
    for way, people in reached.items():
        note_alive(people=people, way=way, by_receipt=False)
