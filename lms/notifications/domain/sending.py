"""One tick of sending: at most once for each reminder, and exactly once unless cut off midway."""

import logging
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone, translation

from lms.accounts.register.domain.language import language_of
from lms.messaging.channels.mail import MailChannel
from lms.messaging.domain.delivery import note_answers
from lms.messaging.domain.health import free_way, is_paused, left_today, may_be_tried, take_way
from lms.messaging.enums import Outcome
from lms.messaging.extensions import Answer, Channel, Line
from lms.notifications.domain.devices import know_devices
from lms.notifications.domain.digest import Letter, join_messages, put_together
from lms.notifications.domain.handing_over import (
    Ended,
    begin_hand_over,
    end_hand_over,
    give_back,
)
from lms.notifications.domain.letters import write_letter
from lms.notifications.domain.notices import write_notices
from lms.notifications.domain.pausing import may_leave
from lms.notifications.domain.texts import by_language, write_messages
from lms.notifications.domain.transitions import (
    STALE_AFTER,
    cancel_expired,
    claim_due,
    move,
    postpone,
    put_back,
    recover_stale,
    take_next_ways,
)
from lms.notifications.domain.ways import SMS, SMS_A_DAY_EACH, sms_of_today
from lms.notifications.enums import PEOPLE, PUSH, DropReason, ReminderState
from lms.notifications.extensions import Message, ReminderKind, contacts_for, reminder_kinds
from lms.notifications.models import Reminder

# Few enough to be handed over before a claim grows stale.
BATCH = 100
# So many messages at most are begun in one commit, and no more than leave in so many seconds.
MOST_TOGETHER = 10
MOMENT = 1
LIMIT = 2000
# A slow mail server must not keep a worker from its other work.
RUN_SECONDS = 45

logger = logging.getLogger(__name__)


class _Pace:
    """How many messages are begun in one commit: as many as leave within a moment, at first one.

    Beside a slow server one at a time, so that whoever is killed leaves few that nobody knows of.
    """

    def __init__(self) -> None:
        self.together = 1

    def note(self, *, count: int, seconds: float) -> None:
        """Count as many as would have left in a moment at the pace of these."""
        within = int(count * MOMENT / seconds) if seconds > 0 else MOST_TOGETHER
        self.together = max(1, min(MOST_TOGETHER, within))


class _Watch:
    """Tells whether a tick goes on: until its time is over, somebody has stopped everything, or the hours
    are over in which messages leave.
    """

    def __init__(self, now: datetime) -> None:
        self._now, self._began = now, time.monotonic()
        # Whoever claims has just asked what may leave.
        self._looked_at = self._began

    def goes_on(self) -> bool:
        """Return whether it does; asks once a moment whether the same may leave as when it began."""
        moment = time.monotonic()
        if moment >= self._began + RUN_SECONDS:
            return False
        if moment < self._looked_at + MOMENT:
            return True
        self._looked_at = moment
        by_then = self._now + timedelta(seconds=moment - self._began)
        return may_leave(now=by_then) == may_leave(now=self._now)


@dataclass(frozen=True)
class _Tick:
    """The moment of a tick, whether it goes on, and how fast messages leave."""

    now: datetime
    watch: _Watch
    pace: _Pace


@dataclass(frozen=True)
class SendReport:
    """What one tick did, in reminders; `postponed` are planned again."""

    sent: int = 0
    cancelled: int = 0
    unreachable: int = 0
    failed: int = 0
    uncertain: int = 0
    postponed: int = 0


def send_in_turn(*, now: datetime, channel: Channel, limit: int = LIMIT) -> SendReport:
    """Send up to `limit` of what is due this way unless somebody does already; for ticks.

    A slow server may keep one process busy all the time, and no more than one: the processes of
    the worker are one for each way, so the others go on. A killed worker holds up its way until the
    claims that it left behind are taken up.
    """
    until = now + STALE_AFTER
    if not take_way(way=channel.key, now=now, until=until):
        return SendReport()
    try:
        return send_due(now=now, limit=limit, channel=channel)
    finally:
        free_way(way=channel.key, until=until)


def send_due(
    *,
    now: datetime,
    limit: int = LIMIT,
    channel: Channel | None = None,
) -> SendReport:
    """Send up to `limit` due reminders over one connection; safe to run twice and side by side.

    Ends early after RUN_SECONDS and when somebody pauses everything or the night begins, in the middle
    of a batch as well, and when the server cannot be reached or breaks the line, so that a sick server
    spoils one message a tick and not the whole queue. Nothing is taken up while the way
    is left alone, or has sent all that it may today.
    """
    way = channel or MailChannel()
    tally: Counter[ReminderState] = Counter()
    recover_stale(now=now)
    tally[ReminderState.CANCELLED] += cancel_expired(now=now)
    if not is_paused(way=way.key, now=timezone.now()):
        _send_over(way, now, limit, tally)
    return SendReport(
        sent=tally[ReminderState.SENT],
        cancelled=tally[ReminderState.CANCELLED],
        unreachable=tally[ReminderState.UNREACHABLE],
        failed=tally[ReminderState.FAILED],
        uncertain=tally[ReminderState.UNCERTAIN],
        postponed=tally[ReminderState.PLANNED],
    )


def _send_over(channel: Channel, now: datetime, limit: int, tally: Counter[ReminderState]) -> None:
    tick, line = _Tick(now, _Watch(now), _Pace()), channel.line()
    try:
        while limit > 0 and tick.watch.goes_on():
            left = left_today(channel=channel, now=now)
            size = min(BATCH, limit) if left is None else min(BATCH, limit, left)
            claimed = claim_due(now=now, limit=size, way=channel.key) if size else []
            limit -= len(claimed)
            if not claimed or not _send_batch(claimed, channel, line, tick, tally):
                break
    finally:
        line.close()


def _send_batch(
    claimed: Sequence[Reminder],
    channel: Channel,
    line: Line,
    tick: _Tick,
    tally: Counter[ReminderState],
) -> bool:
    """Send them; return whether to go on: the line still stands, and there is time left."""
    digest = put_together(_sort_out(claimed, tick.now, tally), now=tick.now)
    put_back(reminders=digest.waiting)
    mails = _addressed(digest.mails, channel, tick.now, tally)
    letters = [letter for mail in mails for letter in mail]
    if not letters:
        return True
    # Only now: who is let try a way again must have something to try it with.
    if not may_be_tried(way=channel.key, now=timezone.now()):
        put_back(reminders=[row for row, _ in letters])
        return False
    away = line.open()
    if away is not None:
        logger.warning("The way %s cannot be used: %s", channel.key, away.detail)
        note_answers(way=channel.key, answers=[away])
        tally.update(
            postpone(reminders=[row for row, _ in letters], detail=away.detail, by_way=True)
        )
        return False
    answers: list[Answer] = []
    try:
        while mails:
            together, mails = mails[: tick.pace.together], mails[tick.pace.together :]
            if not _hand_over(together, channel, line, tick, tally, answers):
                put_back(reminders=[row for rest in mails for row, _ in rest])
                return False
    finally:
        note_answers(way=channel.key, answers=answers)
    return True


def _sort_out(
    claimed: Sequence[Reminder], now: datetime, tally: Counter[ReminderState]
) -> list[Letter]:
    """Write the messages; cancel what is no longer wanted."""
    messages: dict[int, Message] = {}
    asked: list[Reminder] = []
    for kind in reminder_kinds:
        reminders = [row for row in claimed if row.rule.kind == kind.key]
        written = _write(kind, reminders, now, tally) if reminders else None
        if written is not None:
            messages |= written
            asked += reminders
    wanted = [row for row in asked if row.pk in messages and row.user.is_active]
    closed = [row for row in asked if not row.user.is_active]
    moot = [row for row in asked if row.user.is_active and row.pk not in messages]
    for rows, reason in ((closed, DropReason.CLOSED), (moot, DropReason.MOOT)):
        tally[ReminderState.CANCELLED] += move(
            rows, ReminderState.CLAIMED, ReminderState.CANCELLED, reason=reason
        )
    wanted.sort(key=lambda row: (row.due_at, row.pk))
    for language, rows in by_language(wanted).items():
        with translation.override(language):
            contacts = contacts_for(reminders=rows)
        messages |= {pk: replace(messages[pk], contacts=whom) for pk, whom in contacts.items()}
    # Before anything leaves: whatever becomes of the other way, it stands in the site.
    write_notices(reminders=wanted, messages=messages, now=now)
    return [(row, messages[row.pk]) for row in wanted]


def _addressed(
    mails: Sequence[list[Letter]], channel: Channel, now: datetime, tally: Counter[ReminderState]
) -> list[list[Letter]]:
    """Return those that may go this way; the others take the next one."""
    used: Counter[int] = Counter()
    if channel.key == SMS:
        people = {row.user_id for mail in mails for row, _message in mail}
        used.update(sms_of_today(user_ids=people, now=now))
    if channel.key == PUSH:
        know_devices(mail[0][0].user for mail in mails)
    may_go: list[list[Letter]] = []
    others: list[Reminder] = []
    for mail in mails:
        person = mail[0][0].user
        used[person.pk] += 1
        is_too_much = channel.key == SMS and used[person.pk] > SMS_A_DAY_EACH
        if is_too_much or not channel.address_of(person):
            others += [row for row, _message in mail]
        else:
            may_go.append(mail)
    tally.update(take_next_ways(reminders=others, old=ReminderState.CLAIMED))
    return may_go


def name_calls(*, now: datetime, limit: int = LIMIT) -> int:
    """Move what is due to people whom no way reaches to the call list; return the number.

    Whether each is still wanted is asked as before a hand-over.
    """
    claimed = claim_due(now=now, limit=limit, way=PEOPLE)
    letters = _sort_out(claimed, now, Counter())
    rows = [row for row, _ in letters]
    return move(rows, ReminderState.CLAIMED, ReminderState.UNREACHABLE)


def _write(
    kind: ReminderKind, reminders: list[Reminder], now: datetime, tally: Counter[ReminderState]
) -> dict[int, Message] | None:
    """Return the messages of one kind, or None when the kind could not tell:
    then all are put off.
    """
    try:
        return write_messages(kind=kind, reminders=reminders, now=now)
    except Exception as error:  # A mistake in one plug-in must not stop the others' reminders.
        logger.exception("Reminders of the kind %s could not be written.", kind.key)
        tally.update(postpone(reminders=reminders, detail=type(error).__name__, by_way=False))
        return None


def _hand_over(
    mails: Sequence[list[Letter]],
    channel: Channel,
    line: Line,
    tick: _Tick,
    tally: Counter[ReminderState],
    answers: list[Answer],
) -> bool:
    """Hand these messages over, each once, but for what another worker has taken up meanwhile; return
    whether to go on.
    """
    begun = begin_hand_over(letters=[_rows_of(mail) for mail in mails])
    waiting = deque(pair for pair in zip(mails, begun, strict=True) if pair[1])
    ended: list[Ended] = []
    since, goes_on = time.monotonic(), True
    try:
        while waiting and goes_on:
            # Out of those that wait before it is sent: cut off then, nobody knows of it.
            mail, attempts = waiting.popleft()
            answer = _send(mail, channel, line)
            ended.append((attempts, answer))
            # A slow server: what was not handed over is claimed anew, before the claim grows stale
            # and the task is cut off in the middle of a letter. A pause: it waits for its end.
            goes_on = answer.line_stands and tick.watch.goes_on()
    finally:
        answers += [answer for _attempts, answer in ended]
        if ended:
            tally.update(end_hand_over(ended=ended))
        if waiting:
            give_back(attempts=[one for _mail, attempts in waiting for one in attempts])
    tick.pace.note(count=len(ended), seconds=time.monotonic() - since)
    return goes_on


def _send(mail: Sequence[Letter], channel: Channel, line: Line) -> Answer:
    rows = _rows_of(mail)
    person = rows[0].user
    with translation.override(language_of(person)):
        to = str(channel.address_of(person))
        message = join_messages([message for _row, message in mail])
        letter = write_letter(
            reminders=rows, message=message, to=to, is_short=channel.takes_short_form
        )
        answer = line.send(letter)
    if answer.outcome != Outcome.ACCEPTED:
        logger.warning("Reminder %s was not accepted: %s", rows[0].pk, answer.detail)
    return answer


def _rows_of(mail: Sequence[Letter]) -> list[Reminder]:
    """Return the reminders of a message; the first one gives it its key, as in `begin_hand_over`."""
    return sorted((row for row, _message in mail), key=lambda row: row.pk)
