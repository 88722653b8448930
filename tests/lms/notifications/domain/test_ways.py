"""By which way a reminder goes: chosen at planning, and the next one when a way is closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.accounts.models import User
from lms.messaging.domain.receipts import receive
from lms.messaging.enums import Outcome
from lms.messaging.extensions import channels
from lms.messaging.models import Receipt
from lms.notifications.domain import receipts, sending
from lms.notifications.domain.planning import plan_reminders
from lms.notifications.domain.receipts import take_up_receipts
from lms.notifications.domain.sending import SendReport, name_calls, send_due
from lms.notifications.domain.transitions import MAX_ATTEMPTS, take_next_ways
from lms.notifications.domain.ways import SMS_A_DAY_EACH
from lms.notifications.enums import PEOPLE, ReceiptState, ReminderState
from lms.notifications.extensions import PlannedReminder
from lms.notifications.models import DeliveryAttempt, Reminder
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ReminderFactory
from tests.lms.notifications.domain.ticks import last_attempt, let_pass, send, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind", "sms")]
PHONES = iter(f"+8491200{number:04}" for number in range(10_000))


def with_both(**values):
    return ReminderFactory(user__phone=next(PHONES), **values)


def by_sms(**values):
    return with_both(user__email=None, way="sms", **values)


def send_sms():
    return send_due(now=timezone.now(), channel=channels.get("sms"))


def ways():
    return list(Reminder.objects.order_by("unique_key").values_list("way", flat=True))


# --- Planning ----------------------------------------------------------------------


def plan(kind, people):
    now = timezone.now()
    due, end = now + timedelta(hours=1), now + timedelta(days=1)
    kind.planned = [
        PlannedReminder(f"tests.note:{number}", person.pk, due, end)
        for number, person in enumerate(people)
    ]
    plan_reminders(now=now)


def test_way_is_chosen_at_planning_by_what_the_person_has(kind, settings):
    people = [
        UserFactory(email="mau@example.vn", phone=next(PHONES)),
        UserFactory(phone=next(PHONES)),
        UserFactory(),
    ]
    plan(kind, people)
    assert ways() == ["email", "sms", PEOPLE]

    settings.SUITE_WAYS = ["sms", "email", "gone"]
    plan(kind, people)
    assert ways() == ["sms", "sms", PEOPLE]

    settings.SUITE_SMS_GATEWAY = ""
    plan(kind, people)
    assert ways() == ["email", PEOPLE, PEOPLE]


def test_way_follows_the_addresses_while_the_reminder_waits(kind, django_assert_num_queries):
    people = [UserFactory() for _ in range(3)]
    plan(kind, people)
    assert ways() == [PEOPLE] * 3
    User.objects.filter(pk=people[1].pk).update(phone=next(PHONES))

    # The kinds, the rules, the people, their wishes and dead addresses, what waits, one statement for what has changed,
    # and what is no longer named.
    with django_assert_num_queries(9):
        plan(kind, people)

    assert ways() == [PEOPLE, "sms", PEOPLE]


# --- Sending -----------------------------------------------------------------------


def test_each_way_sends_its_own(sink, sms):
    mailed, texted = with_both(), by_sms()

    assert send() == SendReport(sent=1)
    assert (state_of(mailed), state_of(texted)) == (ReminderState.SENT, ReminderState.PLANNED)

    assert send_sms() == SendReport(sent=1)
    assert sms() == [texted.user.phone]
    assert last_attempt(texted).channel == "sms"


def test_dead_address_moves_to_the_next_way_and_is_sent_once(sink, sms):
    reminder = with_both()
    sink.at_recipient[reminder.user.email] = "550 no such mailbox"

    assert send() == SendReport(postponed=1)
    assert send_sms() == SendReport(sent=1)

    assert sms() == [reminder.user.phone]
    assert send() == send_sms() == SendReport()


def test_address_that_went_since_planning_moves_to_the_next_way(sink):
    reminder = with_both()
    User.objects.update(email=None)

    assert send() == SendReport(postponed=1)

    reminder.refresh_from_db()
    assert (reminder.state, reminder.way) == (ReminderState.PLANNED, "sms")


def test_way_that_fails_to_the_last_try_hands_over_to_the_next(sink, settings):
    reminder = with_both(attempts=MAX_ATTEMPTS - 1)
    let_pass(days=1)
    settings.EMAIL_PORT = 9

    assert send() == SendReport(postponed=1)

    reminder.refresh_from_db()
    assert (reminder.way, reminder.attempts) == ("sms", 0)


def test_kind_that_fails_to_the_last_try_changes_no_way(kind):
    reminder = with_both(attempts=MAX_ATTEMPTS - 1)
    let_pass(days=1)
    kind.error = KeyError("enrolment")

    assert send() == SendReport(failed=1)

    assert Reminder.objects.get(pk=reminder.pk).way == "email"


def test_uncertain_takes_no_other_way(sink, sms):
    reminder = with_both()
    sink.drop_at[reminder.user.email] = "text"

    assert send() == SendReport(uncertain=1)

    assert send_sms() == SendReport()
    assert sms() == []


@pytest.mark.usefixtures("midday")
def test_person_gets_two_sms_a_day_and_is_called_for_the_third(sms):
    first = by_sms()
    assert send_sms() == SendReport(sent=1)
    ReminderFactory(user=first.user, way="sms")
    assert (send_sms(), SMS_A_DAY_EACH) == (SendReport(sent=1), 2)

    third = ReminderFactory(user=first.user, way="sms")
    assert send_sms() == SendReport(unreachable=1)

    assert state_of(third) == ReminderState.UNREACHABLE
    assert sms() == [first.user.phone] * 2
    DeliveryAttempt.objects.update(started_at=timezone.now() - timedelta(days=1))
    Reminder.objects.filter(pk=third.pk).update(state=ReminderState.PLANNED, way="sms")
    assert send_sms() == SendReport(sent=1)


@pytest.mark.usefixtures("midday")
def test_limit_of_the_day_lets_the_rest_wait(sms, settings):
    settings.SUITE_SMS_A_DAY = 1
    waiting = [by_sms(), by_sms()]

    assert send_sms() == SendReport(sent=1)
    assert send_sms() == SendReport()

    assert [state_of(one) for one in waiting].count(ReminderState.PLANNED) == 1


def test_whom_no_way_reaches_is_to_be_called_when_it_is_due(kind):
    due = ReminderFactory(way=PEOPLE, user__email=None)
    later = ReminderFactory(
        way=PEOPLE, user__email=None, due_at=timezone.now() + timedelta(hours=1)
    )
    unwanted = ReminderFactory(way=PEOPLE, user__email=None)
    kind.unwanted = {unwanted.unique_key}

    assert name_calls(now=timezone.now()) == 1

    assert [state_of(one) for one in (due, later, unwanted)] == [
        ReminderState.UNREACHABLE,
        ReminderState.PLANNED,
        ReminderState.CANCELLED,
    ]


def test_way_that_is_left_alone_uses_up_no_try(sink, settings):
    settings.EMAIL_PORT = 9
    tired = ReminderFactory.create_batch(3)
    send()
    for minutes in (2, 10):
        let_pass(minutes=minutes)
        send()
    fresh = ReminderFactory()

    assert send() == SendReport()
    assert not fresh.deliveries.exists()
    assert {state_of(one) for one in tired} == {ReminderState.PLANNED}


# --- Receipts ----------------------------------------------------------------------


def report(reminder, *, delivered, at=None, reference=None):
    receive(
        way=reminder.way,
        reference=reference or last_attempt(reminder).reference,
        delivered=delivered,
        detail="",
        now=at or timezone.now(),
    )
    return take_up_receipts(now=timezone.now())


def sent_by_sms(**values):
    reminder = with_both(way="sms", **values)
    assert send_sms() == SendReport(sent=1)
    return reminder


def test_receipt_of_a_failure_makes_the_next_way_due_once(sink):
    reminder = sent_by_sms()

    assert report(reminder, delivered=False) == 1
    assert report(reminder, delivered=False) == 0

    assert last_attempt(reminder).receipt == ReceiptState.FAILED
    assert send() == SendReport(sent=1)
    assert sink.recipients == [reminder.user.email]
    assert send_sms() == SendReport()


@pytest.mark.parametrize("is_late", [False, True], ids=["no further way", "too late"])
def test_receipt_of_a_failure_without_a_further_way_or_too_late_has_failed(is_late):
    reminder = sent_by_sms(**({} if is_late else {"user__email": None}))
    if is_late:
        Reminder.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    report(reminder, delivered=False)

    assert state_of(reminder) == ReminderState.FAILED


def test_receipt_of_a_delivery_stands_above_a_failure_told_after_it():
    reminder = sent_by_sms()

    report(reminder, delivered=True)
    report(reminder, delivered=False)

    assert (state_of(reminder), last_attempt(reminder).receipt) == (
        ReminderState.SENT,
        ReceiptState.DELIVERED,
    )


def test_receipt_settles_what_was_uncertain(settings):
    reminder = by_sms()
    settings.SUITE_SMS_MISBEHAVIOUR = "hang"
    settings.SUITE_SMS_GATEWAY = "tests.lms.notifications.domain.test_ways.SilentGateway"
    assert send_sms() == SendReport(uncertain=1)

    report(reminder, delivered=True, reference=last_attempt(reminder).message_id)

    assert state_of(reminder) == ReminderState.SENT
    assert last_attempt(reminder).outcome == Outcome.UNKNOWN


class SilentGateway:
    def send(self, *, to, text, key, timeout):
        raise TimeoutError


def test_receipt_of_nothing_known_is_waited_with_and_then_put_away():
    reminder = by_sms()
    now = timezone.now()
    receive(way="sms", reference="la", delivered=False, detail="", now=now)

    assert take_up_receipts(now=now) == 0
    assert send_sms() == SendReport(sent=1)
    DeliveryAttempt.objects.update(reference="la")
    assert take_up_receipts(now=now) == 1
    assert state_of(reminder) == ReminderState.FAILED

    receive(way="sms", reference="khac", delivered=False, detail="", now=now)
    assert take_up_receipts(now=now + timedelta(hours=2)) == 0
    assert take_up_receipts(now=now) == 0


def test_failure_told_late_leaves_what_went_another_way_since(sink):
    reminder = sent_by_sms()
    reference = last_attempt(reminder).reference
    reminder.refresh_from_db()
    take_next_ways(reminders=[reminder], old=ReminderState.SENT)
    assert send() == SendReport(sent=1)
    reminder.way = "sms"

    assert report(reminder, delivered=False, reference=reference) == 1

    assert state_of(reminder) == ReminderState.SENT
    assert sink.recipients == [reminder.user.email]


def test_receipt_that_another_process_takes_up_is_taken_up_once(monkeypatch):
    first, second = sent_by_sms(), sent_by_sms()
    for reminder in (first, second):
        reference = last_attempt(reminder).reference
        receive(way="sms", reference=reference, delivered=True, detail="", now=timezone.now())

    def beside_another(*_args):
        Receipt.objects.update(taken_up=True)

    monkeypatch.setattr(receipts, "_apply", beside_another)

    assert take_up_receipts(now=timezone.now()) == 1


def test_way_that_another_process_is_trying_uses_up_no_try(sms, monkeypatch):
    reminder = by_sms()
    monkeypatch.setattr(sending, "may_be_tried", lambda **_asked: False)

    assert send_sms() == SendReport()

    assert state_of(reminder) == ReminderState.PLANNED
    assert sms() == []


def test_delivery_told_after_a_failure_ends_what_followed_from_it(sink):
    waits_for_mail, is_called = sent_by_sms(), sent_by_sms(user__email=None)
    for reminder in (waits_for_mail, is_called):
        report(reminder, delivered=False)
    assert (state_of(waits_for_mail), state_of(is_called)) == ("planned", "failed")

    for reminder in (waits_for_mail, is_called):
        reminder.way = "sms"
        report(reminder, delivered=True)

    assert send() == SendReport()
    assert list(Reminder.objects.values_list("state", "way").distinct()) == [("sent", "sms")]


def test_receipts_of_log_in_codes_hold_up_none_of_a_reminder(monkeypatch):
    monkeypatch.setattr(receipts, "BATCH", 1)
    reminder = sent_by_sms(user__email=None)
    receive(way="sms", reference="ma", delivered=True, detail="", now=timezone.now())

    assert report(reminder, delivered=False) == 1
    assert state_of(reminder) == ReminderState.FAILED
