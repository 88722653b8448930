"""A pause of everything: nobody is reminded, what comes too late says why."""

from collections import Counter
from datetime import time, timedelta
from itertools import count

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from lms.core.local_time import local_moment
from lms.core.refusal import Refusal
from lms.notifications.domain import sending
from lms.notifications.domain.letters import write_letter
from lms.notifications.domain.pausing import (
    PAUSE_ACTION,
    RESUME_ACTION,
    current_pause,
    pause_sending,
    resume_sending,
)
from lms.notifications.domain.sending import name_calls, send_due
from lms.notifications.domain.transitions import cancel_expired
from lms.notifications.enums import PEOPLE, DropReason, ReminderState
from lms.notifications.models import Reminder, SendingPause
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory
from tests.refusing import raises_refusal

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def pause(by, *, until=HOUR, now=None):
    now = now or timezone.now()
    return pause_sending(by=by, until=now + until, reason="Sai lời nhắc", now=now)


def test_nothing_leaves_during_a_pause_and_all_of_it_afterwards(kind, sink, monitor):
    mailed, called = ReminderFactory(), ReminderFactory(way=PEOPLE)
    pause(monitor)

    now = timezone.now()
    assert (send_due(now=now).sent, name_calls(now=now)) == (0, 0)
    assert set(Reminder.objects.values_list("state", flat=True)) == {ReminderState.PLANNED}

    assert resume_sending(by=monitor, now=timezone.now())
    now = timezone.now()
    assert (send_due(now=now).sent, name_calls(now=now)) == (1, 1)
    assert [mailed.pk, called.pk] == sorted(Reminder.objects.values_list("pk", flat=True))


def test_who_paused_and_resumed_is_noted(monitor):
    held = pause(monitor)
    assert current_pause(now=timezone.now()) == held
    assert str(held) == "Sai lời nhắc"

    assert resume_sending(by=monitor, now=timezone.now())
    assert not resume_sending(by=monitor, now=timezone.now())

    assert current_pause(now=timezone.now()) is None
    entries = ModelLogEntry.objects.filter(action__startswith="notifications.")
    actions = entries.order_by("pk").values_list("action", "user")
    assert list(actions) == [(PAUSE_ACTION, monitor.pk), (RESUME_ACTION, monitor.pk)]
    assert SendingPause.objects.get().ended_by == monitor


def test_pause_ends_by_itself_and_a_second_one_is_refused(monitor):
    now = timezone.now()
    pause(monitor, now=now)

    assert current_pause(now=now + HOUR) is None
    with raises_refusal("already_paused"):
        pause(monitor, now=now)


@pytest.mark.parametrize(
    ("until", "code"),
    [(timedelta(0), "pause_in_the_past"), (timedelta(days=14, seconds=1), "pause_too_long")],
)
def test_pause_that_makes_no_sense_is_refused(monitor, until, code):
    with pytest.raises(Refusal) as refusal:
        pause(monitor, until=until)
    assert (refusal.value.code, refusal.value.field) == (code, "until")


def test_what_comes_too_late_says_why(kind, monitor):
    now = timezone.now()
    before = ReminderFactory(due_at=now - 9 * HOUR, expires_at=now - 8 * HOUR)
    during = ReminderFactory(due_at=now - 2 * HOUR, expires_at=now)
    off = ReminderFactory(
        rule=ReminderRuleFactory(kind="tests.off", enabled=False),
        due_at=now - 2 * HOUR,
        expires_at=now,
    )
    pause(monitor, now=now - 3 * HOUR, until=2 * HOUR)

    assert cancel_expired(now=now) == 3

    reasons = dict(Reminder.objects.values_list("pk", "reason"))
    assert reasons == {
        before.pk: DropReason.LATE,
        during.pk: DropReason.PAUSED,
        off.pk: DropReason.RULE_OFF,
    }


def test_pause_in_the_middle_of_a_tick_stops_all_but_the_message_that_leaves(
    kind, sink, monitor, monkeypatch
):
    """The clock moves on by a second with each look at it, as beside a slow server."""
    ReminderFactory.create_batch(5)
    seconds = count()
    monkeypatch.setattr(sending.time, "monotonic", lambda: next(seconds))

    def write_and_pause(**letter):
        if current_pause(now=timezone.now()) is None:
            pause(monitor)
        return write_letter(**letter)

    monkeypatch.setattr(sending, "write_letter", write_and_pause)

    assert send_due(now=timezone.now()).sent == 1

    states = Counter(Reminder.objects.values_list("state", flat=True))
    assert states == {ReminderState.SENT: 1, ReminderState.PLANNED: 4}
    assert len(sink.recipients) == 1


def test_tick_that_began_before_the_night_ends_with_it(kind, sink, settings, monkeypatch):
    """The clock moves on by a second with each look at it: three seconds are left."""
    settings.SUITE_SENDING_HOURS = (time(7), time(21))
    now = local_moment(timezone.localdate(), time(20, 59, 57))
    ReminderFactory.create_batch(5, due_at=now - HOUR, expires_at=now + 24 * HOUR)
    seconds = count()
    monkeypatch.setattr(sending.time, "monotonic", lambda: next(seconds))

    assert 0 < send_due(now=now).sent < 5

    assert set(Reminder.objects.values_list("state", flat=True)) == {
        ReminderState.SENT,
        ReminderState.PLANNED,
    }
