from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from lms.messaging.enums import Outcome
from lms.messaging.extensions import Answer
from lms.notifications.domain import transitions
from lms.notifications.domain.handing_over import begin_hand_over, end_hand_over, give_back
from lms.notifications.domain.letters import reminder_key
from lms.notifications.domain.sending import SendReport, send_due
from lms.notifications.domain.transitions import (
    JITTER,
    PAUSES,
    claim_due,
    postpone,
    recover_stale,
    send_again,
)
from lms.notifications.enums import RESENDABLE_STATES, ReminderState
from lms.notifications.models import DeliveryAttempt, Reminder
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ReminderFactory
from tests.refusing import raises_refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]
on_sqlite_too = pytest.mark.sqlite("locks; time and order of what is due")


def in_minutes(minutes):
    return timezone.now() + timedelta(minutes=minutes)


def claim():
    return claim_due(now=timezone.now(), limit=10, way="email")


@on_sqlite_too
def test_claim_and_hand_over_twice_take_and_begin_once():
    ReminderFactory()
    (reminder,) = claim()
    assert claim() == []

    assert begin_hand_over(letters=[[reminder]])[0]
    assert begin_hand_over(letters=[[reminder]]) == [[]]
    assert DeliveryAttempt.objects.count() == 1


@on_sqlite_too
def test_claim_due_takes_what_is_due_to_one_person_together():
    first, second, _third = ReminderFactory.create_batch(3)
    later = ReminderFactory(user=first.user)
    to_come = ReminderFactory(user=first.user, due_at=in_minutes(1440), expires_at=in_minutes(2880))

    claimed = claim_due(now=timezone.now(), limit=2, way="email")

    assert {one.pk for one in claimed} == {first.pk, second.pk, later.pk}
    to_come.refresh_from_db()
    assert to_come.state == ReminderState.PLANNED


@on_sqlite_too
def test_recover_stale_plans_the_claimed_again_and_marks_the_begun_uncertain():
    ReminderFactory.create_batch(2)
    begun, claimed = claim()
    begin_hand_over(letters=[[begun]])

    # A living worker is left alone, with what it has begun.
    assert recover_stale(now=in_minutes(1)) == 0
    attempt = DeliveryAttempt.objects.get()
    assert attempt.outcome == ""
    assert recover_stale(now=in_minutes(3)) == 2

    begun.refresh_from_db()
    claimed.refresh_from_db()
    assert (begun.state, claimed.state) == (ReminderState.UNCERTAIN, ReminderState.PLANNED)
    attempt.refresh_from_db()
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


def test_send_again_in_another_state_or_of_what_would_come_too_late_is_refused():
    others = sorted(set(ReminderState) - set(RESENDABLE_STATES))
    rows = [ReminderFactory(state=state) for state in others]
    too_late = {"due_at": in_minutes(-60), "expires_at": in_minutes(-1)}
    rows.append(ReminderFactory(state=ReminderState.FAILED, **too_late))
    for row in rows:
        with raises_refusal("not_resendable"):
            send_again(reminder=row, by=UserFactory(), now=timezone.now())

    states = Reminder.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [*others, ReminderState.FAILED]
    assert not ModelLogEntry.objects.filter(action="notifications.send_again").exists()


def test_message_of_which_a_part_was_lost_is_not_begun():
    person = UserFactory(email="an@example.vn")
    ReminderFactory.create_batch(2, user=person)
    lost, held = claim()
    Reminder.objects.filter(pk=lost.pk).update(state=ReminderState.SENT)

    assert begin_hand_over(letters=[[lost, held]]) == [[]]

    held.refresh_from_db()
    assert (held.state, held.attempts) == (ReminderState.PLANNED, 0)
    assert not DeliveryAttempt.objects.exists()


def test_of_several_messages_only_the_one_that_was_lost_is_not_begun():
    ReminderFactory.create_batch(3)
    lost, *held = claim()
    Reminder.objects.filter(pk=lost.pk).update(state=ReminderState.SENT)

    begun = begin_hand_over(letters=[[one] for one in (held[0], lost, held[1])])

    assert [[one.reminder for one in letter] for letter in begun] == [[held[0]], [], [held[1]]]
    states = [Reminder.objects.get(pk=one.pk).state for one in held]
    assert states == [ReminderState.HANDING_OVER] * 2


@on_sqlite_too
def test_what_was_begun_and_did_not_leave_is_as_if_never_taken():
    ReminderFactory.create_batch(2)
    given_up, fine = claim()
    begun = begin_hand_over(letters=[[given_up], [fine]])
    # Another worker took this one for dead.
    DeliveryAttempt.objects.filter(reminder=given_up).update(outcome=Outcome.UNKNOWN)
    Reminder.objects.filter(pk=given_up.pk).update(state=ReminderState.UNCERTAIN)

    give_back(attempts=[one for letter in begun for one in letter])

    rows = Reminder.objects.order_by("pk").values_list("state", "attempts")
    assert list(rows) == [(ReminderState.UNCERTAIN, 1), (ReminderState.PLANNED, 0)]
    assert [one.reminder for one in DeliveryAttempt.objects.all()] == [given_up]
    assert claim() == [fine]


@pytest.mark.parametrize("messages", [2, 9])
def test_messages_are_begun_and_ended_together_at_the_same_cost(
    messages, django_assert_num_queries
):
    ReminderFactory.create_batch(messages)
    letters = [[row] for row in claim()]

    # Savepoints 2 x 2; states, attempts; addresses, which are still open, attempts, states.
    with django_assert_num_queries(10):
        begun = begin_hand_over(letters=letters)
        end_hand_over(ended=[(one, Answer(Outcome.ACCEPTED)) for one in begun])

    assert set(Reminder.objects.values_list("state", flat=True)) == {ReminderState.SENT}


# --- Whose turn it is ----------------------------------------------------------------------


@on_sqlite_too
def test_many_of_one_class_hold_up_no_other_and_urgent_goes_first():
    many = [ReminderFactory(run_number=1, due_at=in_minutes(-90 + number)) for number in range(6)]
    other = [ReminderFactory(run_number=2, due_at=in_minutes(-20 + one)) for one in range(2)]
    of_none = ReminderFactory(due_at=in_minutes(-10))
    urgent = ReminderFactory(run_number=1, urgent=True, due_at=in_minutes(-1))

    claimed = claim_due(now=timezone.now(), limit=6, way="email")

    assert claimed == [urgent, many[0], other[0], of_none, many[1], other[1]]


@pytest.mark.parametrize("classes", [1, 4])
def test_turns_cost_the_same_whatever_the_number_of_classes(classes, django_assert_num_queries):
    for number in range(classes):
        ReminderFactory.create_batch(2, run_number=number)

    # Pauses; the turns; savepoint 2; the first rows, what else there is for them, their state.
    with django_assert_num_queries(7):
        assert len(claim()) == 2 * classes


# --- Pauses --------------------------------------------------------------------------------


def rests(count):
    """In minutes, of rows put off one after another that had been tried twice."""
    for row in ReminderFactory.create_batch(count, attempts=2, state=ReminderState.CLAIMED):
        postpone(reminders=[row], detail="away", by_way=True)
    rows = Reminder.objects.order_by("pk").values_list("rest_until", "state_since")
    return [round((until - since) / timedelta(minutes=1), 2) for until, since in rows]


def test_pauses_are_drawn_out_by_chance_and_never_shorter(monkeypatch):
    expected = Random(7)
    monkeypatch.setattr(transitions, "chance", Random(7))
    least = PAUSES[2] / timedelta(minutes=1)

    found = rests(3)

    assert found == [round(least * (1 + expected.uniform(0, JITTER)), 2) for _ in range(3)]
    assert all(least <= one <= least * (1 + JITTER) for one in found)
    assert len(set(found)) == 3
