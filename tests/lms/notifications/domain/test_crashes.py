"""Wherever a worker dies: no reminder goes out twice, and none is lost before its hand-over."""

from contextlib import suppress
from functools import wraps

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lms.messaging.channels.mail import MailLine
from lms.messaging.enums import Outcome
from lms.notifications.domain import sending
from lms.notifications.domain.sending import send_due
from lms.notifications.enums import ReminderState
from lms.notifications.models import DeliveryAttempt, Reminder
from tests.chance import fewer_examples
from tests.factories.notifications import ReminderFactory
from tests.lms.notifications.domain.ticks import let_pass

# Every step of a tick that writes a state or talks to the mail server.
STEPS = (
    *("recover_stale", "cancel_expired", "claim_due", "move"),
    *("begin_hand_over", "end_hand_over", "give_back"),
)


class Killed(BaseException):
    """Not an Exception: nothing in the suite can catch a kill -9 either."""


class Executioner:
    """Kills the tick before or after the step with the number `moment`, None for never.

    A kill inside a step is one of these two: its transaction is rolled back, or it stood.
    """

    def __init__(self):
        self.moment = None
        self.passed = 0
        self.in_hand = set()
        self.cut = set()

    def arm(self, moment):
        self.moment, self.passed, self.in_hand = moment, 0, set()

    def tick(self):
        if self.passed == self.moment:
            self.cut |= self.in_hand
            raise Killed
        self.passed += 1

    def watch(self, function):
        @wraps(function)
        def watched(*args, **kwargs):
            self.tick()
            result = function(*args, **kwargs)
            if function.__name__ == "begin_hand_over":
                self.in_hand = {row.pk for letter in kwargs["letters"] for row in letter}
            if function.__name__ == "end_hand_over":
                ended = [one for attempts, _answer in kwargs["ended"] for one in attempts]
                self.in_hand -= {one.reminder_id for one in ended}
            if function.__name__ == "give_back":
                self.in_hand -= {one.reminder_id for one in kwargs["attempts"]}
            self.tick()
            return result

        return watched


@pytest.fixture
def executioner(monkeypatch):
    executioner = Executioner()
    for name in STEPS:
        monkeypatch.setattr(sending, name, executioner.watch(getattr(sending, name)))
    for name in ("open", "send"):
        monkeypatch.setattr(MailLine, name, executioner.watch(getattr(MailLine, name)))
    # The first letter of a tick by itself, then two in one commit.
    monkeypatch.setattr(sending, "BATCH", 3)
    monkeypatch.setattr(sending, "MOST_TOGETHER", 2)
    monkeypatch.setattr(sending, "MOMENT", 1000)
    return executioner


def run_tick(executioner, moment):
    executioner.arm(moment)
    with suppress(Killed):
        send_due(now=timezone.now())
    # The worker is restarted a while later.
    let_pass(minutes=3)


@pytest.mark.django_db
@pytest.mark.usefixtures("kind")
@fewer_examples(25)
@given(
    people=st.integers(min_value=1, max_value=5),
    moments=st.lists(st.integers(min_value=0, max_value=36), min_size=1, max_size=4),
)
def test_send_due_killed_anywhere_sends_at_most_once(sink, executioner, people, moments):
    Reminder.objects.all().delete()
    sink.accepted.clear()
    executioner.cut.clear()
    reminders = ReminderFactory.create_batch(people)

    for moment in moments:
        run_tick(executioner, moment)
    run_tick(executioner, None)
    run_tick(executioner, None)

    for reminder in reminders:
        reminder.refresh_from_db()
        arrived = sink.recipients.count(reminder.user.email)
        if reminder.pk in executioner.cut:
            assert arrived <= 1
            assert reminder.state == ReminderState.UNCERTAIN
        else:
            assert arrived == 1
            assert reminder.state == ReminderState.SENT
        outcomes = DeliveryAttempt.objects.filter(reminder=reminder).values_list("outcome")
        expected = {
            ReminderState.SENT: Outcome.ACCEPTED,
            ReminderState.UNCERTAIN: Outcome.UNKNOWN,
        }
        assert list(outcomes) == [(expected[reminder.state],)]
