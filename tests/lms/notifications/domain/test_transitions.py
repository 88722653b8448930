from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from lms.messaging.enums import Outcome
from lms.notifications.domain.letters import reminder_key
from lms.notifications.domain.sending import SendReport, send_due
from lms.notifications.domain.transitions import (
    begin_hand_over,
    claim_due,
    recover_stale,
    send_again,
)
from lms.notifications.enums import RESENDABLE_STATES, ReminderState
from lms.notifications.models import DeliveryAttempt, Reminder
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ReminderFactory
from tests.refusing import raises_refusal

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("kind"),
    pytest.mark.sqlite("locks: one writer at a time"),
]


def in_minutes(minutes):
    return timezone.now() + timedelta(minutes=minutes)


def claim():
    return claim_due(now=timezone.now(), limit=10, way="email")


def test_claim_and_hand_over_twice_take_and_begin_once():
    ReminderFactory()
    (reminder,) = claim()
    assert claim() == []

    assert begin_hand_over(reminders=[reminder])
    assert begin_hand_over(reminders=[reminder]) == []
    assert DeliveryAttempt.objects.count() == 1


def test_claim_due_takes_what_is_due_to_one_person_together():
    first, second, _third = ReminderFactory.create_batch(3)
    later = ReminderFactory(user=first.user)
    to_come = ReminderFactory(user=first.user, due_at=in_minutes(1440), expires_at=in_minutes(2880))

    claimed = claim_due(now=timezone.now(), limit=2, way="email")

    assert {one.pk for one in claimed} == {first.pk, second.pk, later.pk}
    to_come.refresh_from_db()
    assert to_come.state == ReminderState.PLANNED


def test_recover_stale_plans_the_claimed_again_and_marks_the_begun_uncertain():
    ReminderFactory.create_batch(2)
    begun, claimed = claim()
    begin_hand_over(reminders=[begun])

    # A living worker is left alone.
    assert [recover_stale(now=in_minutes(minutes)) for minutes in (1, 3)] == [0, 2]

    begun.refresh_from_db()
    claimed.refresh_from_db()
    assert (begun.state, claimed.state) == (ReminderState.UNCERTAIN, ReminderState.PLANNED)
    attempt = DeliveryAttempt.objects.get()
    assert (attempt.reminder, attempt.outcome) == (begun, Outcome.UNKNOWN)
    assert attempt.finished_at is not None


@pytest.mark.parametrize("state", RESENDABLE_STATES)
def test_send_again_sends_once_more_under_the_same_message_id(sink, state):
    officer = UserFactory()
    reminder = ReminderFactory(state=state, attempts=7)

    send_again(reminder=reminder, by=officer, now=timezone.now())

    assert send_due(now=timezone.now()) == SendReport(sent=1)
    assert [mail["Message-ID"] for mail in sink.accepted] == [reminder_key(reminder)]
    entry = ModelLogEntry.objects.get(action="notifications.send_again")
    assert (entry.user, entry.object_id) == (officer, str(reminder.pk))
    assert entry.data == {"state": state}


@pytest.mark.parametrize("state", sorted(set(ReminderState) - set(RESENDABLE_STATES)))
def test_send_again_in_another_state_is_refused(state):
    reminder = ReminderFactory(state=state)

    with raises_refusal("not_resendable"):
        send_again(reminder=reminder, by=UserFactory(), now=timezone.now())

    assert Reminder.objects.get().state == state
    assert not ModelLogEntry.objects.filter(action="notifications.send_again").exists()


def test_send_again_of_what_would_come_too_late_is_refused():
    reminder = ReminderFactory(
        state=ReminderState.FAILED,
        due_at=in_minutes(-60),
        expires_at=in_minutes(-1),
    )

    with raises_refusal("not_resendable"):
        send_again(reminder=reminder, by=UserFactory(), now=timezone.now())


def test_message_of_which_a_part_was_lost_is_not_begun():
    person = UserFactory(email="an@example.vn")
    ReminderFactory.create_batch(2, user=person)
    lost, held = claim()
    Reminder.objects.filter(pk=lost.pk).update(state=ReminderState.SENT)

    assert begin_hand_over(reminders=[lost, held]) == []

    held.refresh_from_db()
    assert (held.state, held.attempts) == (ReminderState.PLANNED, 0)
    assert not DeliveryAttempt.objects.exists()
