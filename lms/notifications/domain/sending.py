"""One tick of sending: at most once for each reminder, and exactly once unless cut off midway."""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation

from lms.notifications.channels import CutOff, DeliveryChannel, EmailChannel, NotReached, Refused
from lms.notifications.domain.transitions import (
    begin_hand_over,
    cancel_expired,
    claim_due,
    end_hand_over,
    move,
    postpone,
    put_back,
    recover_stale,
)
from lms.notifications.enums import DeliveryOutcome, ReminderState
from lms.notifications.extensions import Message, ReminderKind, reminder_kinds
from lms.notifications.models import Reminder

# Few enough to be handed over before a claim grows stale.
BATCH = 50
LIMIT = 2000
# A slow mail server must not keep a worker from its other work.
RUN_SECONDS = 45

logger = logging.getLogger(__name__)

Letter = tuple[Reminder, Message]


@dataclass(frozen=True)
class SendReport:
    """What one tick did, in reminders; `postponed` are planned again."""

    sent: int = 0
    cancelled: int = 0
    unreachable: int = 0
    failed: int = 0
    uncertain: int = 0
    postponed: int = 0


def send_due(
    *, now: datetime, limit: int = LIMIT, channel: DeliveryChannel | None = None
) -> SendReport:
    """Send up to `limit` due reminders over one connection; safe to run twice and side by side.

    Ends early after RUN_SECONDS, and when the server cannot be reached or breaks the line,
    so that a sick server spoils one message a tick and not the whole queue.
    """
    channel = channel or EmailChannel()
    tally: Counter[ReminderState] = Counter()
    recover_stale(now=now)
    tally[ReminderState.CANCELLED] += cancel_expired(now=now)
    until = time.monotonic() + RUN_SECONDS
    try:
        while limit > 0 and time.monotonic() < until:
            claimed = claim_due(now=now, limit=min(BATCH, limit))
            limit -= len(claimed)
            if not claimed or not _send_batch(claimed, channel, now, tally):
                break
    finally:
        channel.close()
    return SendReport(
        sent=tally[ReminderState.SENT],
        cancelled=tally[ReminderState.CANCELLED],
        unreachable=tally[ReminderState.UNREACHABLE],
        failed=tally[ReminderState.FAILED],
        uncertain=tally[ReminderState.UNCERTAIN],
        postponed=tally[ReminderState.PLANNED],
    )


def _send_batch(
    claimed: Sequence[Reminder],
    channel: DeliveryChannel,
    now: datetime,
    tally: Counter[ReminderState],
) -> bool:
    """Send them; return whether the line still stands after these."""
    letters = _sort_out(claimed, now, tally)
    if not letters:
        return True
    try:
        channel.open()
    except NotReached as error:
        logger.warning("The mail server cannot be reached: %s", error.detail)
        tally.update(postpone(reminders=[row for row, _ in letters], detail=error.detail))
        return False
    for place, (reminder, message) in enumerate(letters, start=1):
        if not _hand_over(reminder, message, channel, tally):
            put_back(reminders=[row for row, _ in letters[place:]])
            return False
    return True


def _sort_out(
    claimed: Sequence[Reminder], now: datetime, tally: Counter[ReminderState]
) -> list[Letter]:
    """Write the messages; cancel what is no longer wanted and what has no address to go to."""
    messages: dict[int, Message] = {}
    asked: list[Reminder] = []
    for kind in reminder_kinds:
        reminders = [row for row in claimed if row.rule.kind == kind.key]
        written = _write(kind, reminders, now, tally) if reminders else None
        if written is not None:
            messages |= written
            asked += reminders
    wanted = [row for row in asked if row.pk in messages and row.user.is_active]
    reachable = [row for row in wanted if row.user.email]
    for rows, state in (
        ([row for row in asked if row not in wanted], ReminderState.CANCELLED),
        ([row for row in wanted if row not in reachable], ReminderState.UNREACHABLE),
    ):
        tally[state] += move(rows, ReminderState.CLAIMED, state)
    reachable.sort(key=lambda row: (row.due_at, row.pk))
    return [(row, messages[row.pk]) for row in reachable]


def _write(
    kind: ReminderKind, reminders: list[Reminder], now: datetime, tally: Counter[ReminderState]
) -> dict[int, Message] | None:
    """Return the messages of one kind, or None when the kind could not tell:
    then all are put off.
    """
    try:
        with translation.override(settings.LANGUAGE_CODE):
            return dict(kind.messages(reminders=reminders, now=now))
    except Exception as error:  # A mistake in one plug-in must not stop the others' reminders.
        logger.exception("Reminders of the kind %s could not be written.", kind.key)
        tally.update(postpone(reminders=reminders, detail=type(error).__name__))
        return None


def _hand_over(
    reminder: Reminder, message: Message, channel: DeliveryChannel, tally: Counter[ReminderState]
) -> bool:
    """Hand one message over, once; whether the line still stands."""
    attempt = begin_hand_over(reminder=reminder)
    if attempt is None:
        return True
    outcome, detail, line_stands = DeliveryOutcome.ACCEPTED, "", True
    try:
        with translation.override(settings.LANGUAGE_CODE):
            channel.send(reminder, message)
    except Refused as error:
        outcome = DeliveryOutcome.REFUSED if error.for_good else DeliveryOutcome.ERROR
        detail = error.detail
    except CutOff as error:
        outcome = DeliveryOutcome.ERROR if error.before_content else DeliveryOutcome.UNKNOWN
        detail, line_stands = error.detail, False
    state = end_hand_over(reminder=reminder, attempt=attempt, outcome=outcome, detail=detail)
    tally[state] += 1
    if outcome != DeliveryOutcome.ACCEPTED:
        logger.warning("Reminder %s was not accepted: %s", reminder.pk, detail)
    return line_stands
