"""Sending over a real mail server that refuses, hangs up and dawdles."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from lms.notifications import channels
from lms.notifications.domain import sending
from lms.notifications.domain.planning import plan_reminders
from lms.notifications.domain.sending import SendReport, send_due
from lms.notifications.domain.transitions import MAX_ATTEMPTS, PAUSES
from lms.notifications.enums import DeliveryOutcome, ReminderState
from lms.notifications.extensions import PlannedReminder
from lms.notifications.models import DeliveryAttempt, Reminder
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory
from tests.lms.notifications.smtp_sink import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]


def send(limit=2000):
    return send_due(now=timezone.now(), limit=limit)


def state_of(reminder):
    return Reminder.objects.get(pk=reminder.pk).state


def let_pass(**time):
    """As if this much time had gone by since every change of state."""
    for reminder in Reminder.objects.all():
        Reminder.objects.filter(pk=reminder.pk).update(
            state_since=reminder.state_since - timedelta(**time)
        )


def last_attempt(reminder):
    return DeliveryAttempt.objects.filter(reminder=reminder).latest("pk")


# --- What arrives --------------------------------------------------------------


def test_send_due_hands_the_letter_to_the_mail_server(sink, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://taphuan.example.vn"
    settings.DEFAULT_FROM_EMAIL = "Tập huấn <tap-huan@example.vn>"
    settings.SUITE_DEMO = False
    user = UserFactory(full_name="Trần Thị Mẫu", email="mau@example.vn")
    reminder = ReminderFactory(user=user, unique_key="tests.note:1")

    assert send() == SendReport(sent=1)

    (mail,) = sink.accepted
    assert mail["To"] == "mau@example.vn"
    assert mail["Subject"] == "Nhắc tests.note:1"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].startswith(f"<reminder-{reminder.pk}-")
    assert mail["Message-ID"].endswith("@taphuan.example.vn>")
    text = mail.get_content().replace("\r\n", "\n")
    assert text.startswith("Kính gửi anh/chị Trần Thị Mẫu,\n\nMời anh/chị xem lịch học.\n\n--")
    assert "https://taphuan.example.vn/" in text
    assert "giả định" not in text
    assert state_of(reminder) == ReminderState.SENT
    attempt = DeliveryAttempt.objects.get()
    assert attempt.outcome == DeliveryOutcome.ACCEPTED
    assert attempt.message_id == mail["Message-ID"]
    assert attempt.finished_at >= attempt.started_at


def test_send_due_writes_vietnamese_whatever_language_is_active(sink):
    ReminderFactory()

    with translation.override("en"):
        send()

    assert sink.accepted[0].get_content().startswith("Kính gửi anh/chị")


def test_send_due_in_a_trial_says_that_people_are_made_up(sink, settings):
    settings.SUITE_DEMO = True
    ReminderFactory()

    send()

    assert "giả định" in sink.accepted[0].get_content()


def test_send_due_keeps_a_subject_on_one_line(sink, kind):
    ReminderFactory(unique_key="tests.note:1\nBcc: khac@example.vn")

    assert send().sent == 1

    (mail,) = sink.accepted
    assert mail["Subject"] == "Nhắc tests.note:1 Bcc: khac@example.vn"
    assert mail["Bcc"] is None


def test_plan_and_send_ticks_over_and_over_send_one_mail(sink, kind):
    now = timezone.now()
    user = UserFactory(email="mau@example.vn")
    kind.planned = [PlannedReminder("tests.note:1", user.pk, now, now + timedelta(days=1))]

    for _ in range(4):
        plan_reminders(now=timezone.now())
        send()
        let_pass(hours=2)

    assert sink.recipients == ["mau@example.vn"]


# --- Who is written to -----------------------------------------------------------


def test_send_due_leaves_what_is_not_due(sink):
    reminder = ReminderFactory(due_at=timezone.now() + timedelta(hours=1))

    assert send() == SendReport()

    assert state_of(reminder) == ReminderState.PLANNED
    assert sink.connections == 0


def test_send_due_cancels_what_is_too_late(sink):
    reminder = ReminderFactory(
        due_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(days=1)
    )

    assert send() == SendReport(cancelled=1)

    assert state_of(reminder) == ReminderState.CANCELLED
    assert sink.accepted == []


def test_send_due_cancels_what_is_no_longer_wanted(sink, kind):
    unwanted, wanted = ReminderFactory.create_batch(2)
    kind.unwanted = {unwanted.unique_key}

    assert send() == SendReport(sent=1, cancelled=1)

    assert state_of(unwanted) == ReminderState.CANCELLED
    assert sink.recipients == [wanted.user.email]


def test_send_due_writes_to_nobody_who_left(sink):
    reminder = ReminderFactory(user__is_active=False)

    assert send() == SendReport(cancelled=1)

    assert state_of(reminder) == ReminderState.CANCELLED


@pytest.mark.parametrize("address", [None, ""])
def test_send_due_shows_who_has_no_address(sink, address):
    reminder = ReminderFactory(user__email=address)

    assert send() == SendReport(unreachable=1)

    assert state_of(reminder) == ReminderState.UNREACHABLE
    assert not DeliveryAttempt.objects.exists()


def test_send_due_of_a_rule_switched_off_waits(sink):
    reminder = ReminderFactory(rule=ReminderRuleFactory(enabled=False))

    assert send() == SendReport()

    assert state_of(reminder) == ReminderState.PLANNED


def test_send_due_of_an_app_taken_out_waits(sink):
    reminder = ReminderFactory(rule=ReminderRuleFactory(kind="gone.note"))

    assert send() == SendReport()

    assert state_of(reminder) == ReminderState.PLANNED


def test_send_due_takes_the_longest_due_first_and_no_more_than_told(sink):
    late = ReminderFactory(due_at=timezone.now() - timedelta(minutes=5))
    later = ReminderFactory(due_at=timezone.now() - timedelta(minutes=3))
    first = ReminderFactory(due_at=timezone.now() - timedelta(minutes=9))

    assert send(limit=2) == SendReport(sent=2)

    assert sink.recipients == [first.user.email, late.user.email]
    assert state_of(later) == ReminderState.PLANNED


def test_send_due_uses_one_connection_for_several_batches(sink, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 2)
    ReminderFactory.create_batch(5)

    assert send() == SendReport(sent=5)

    assert sink.connections == 1


def test_send_due_out_of_time_leaves_the_rest_for_the_next_tick(sink, monkeypatch):
    monkeypatch.setattr(sending, "RUN_SECONDS", 0)
    reminder = ReminderFactory()

    assert send() == SendReport()

    assert state_of(reminder) == ReminderState.PLANNED


# --- A kind that fails -------------------------------------------------------------


def test_send_due_puts_off_a_kind_that_raises(sink, kind, caplog):
    kind.error = KeyError("enrolment")
    reminder = ReminderFactory()

    assert send() == SendReport(postponed=1)

    assert state_of(reminder) == ReminderState.PLANNED
    assert last_attempt(reminder).detail == "KeyError"
    assert "tests.note could not be written" in caplog.text
    kind.error = None
    let_pass(minutes=1)
    assert send() == SendReport(sent=1)


# --- A server that says no -----------------------------------------------------------


def test_send_due_to_a_refused_recipient_fails_and_goes_on(sink, caplog):
    refused, fine = ReminderFactory.create_batch(2)
    sink.at_recipient[refused.user.email] = f"550 <{refused.user.email}> no such mailbox"

    with caplog.at_level(logging.DEBUG, logger="lms"):
        assert send() == SendReport(sent=1, failed=1)

    assert state_of(refused) == ReminderState.FAILED
    attempt = last_attempt(refused)
    assert attempt.outcome == DeliveryOutcome.REFUSED
    assert attempt.detail == "550 <[…]> no such mailbox"
    told = [row.getMessage() for row in caplog.records if row.name.startswith("lms.")]
    assert told == [f"Reminder {refused.pk} was not accepted: 550 <[…]> no such mailbox"]
    assert sink.recipients == [fine.user.email]
    assert sink.connections == 1


def test_send_due_with_a_refused_text_fails(sink):
    reminder = ReminderFactory()
    sink.at_text[reminder.user.email] = "554 rejected"

    assert send() == SendReport(failed=1)

    assert last_attempt(reminder).detail == "554 rejected"


@pytest.mark.parametrize("place", ["at_recipient", "at_text"])
def test_send_due_told_to_try_later_tries_later_and_once(sink, place):
    reminder = ReminderFactory()
    getattr(sink, place)[reminder.user.email] = "451 greylisted"

    assert send() == SendReport(postponed=1)
    assert send() == SendReport()

    assert state_of(reminder) == ReminderState.PLANNED
    assert last_attempt(reminder).outcome == DeliveryOutcome.ERROR
    getattr(sink, place).clear()
    let_pass(minutes=1)
    assert send() == SendReport(sent=1)
    assert send() == SendReport()
    assert sink.recipients == [reminder.user.email]


def test_send_due_with_a_refused_sender_tries_later(sink, settings):
    reminder = ReminderFactory()
    settings.DEFAULT_FROM_EMAIL = "khong-duoc@example.vn"
    sink.at_sender = "553 not your address"

    assert send() == SendReport(postponed=1)

    assert last_attempt(reminder).detail == "553 not your address"


def test_send_due_to_an_address_that_cannot_be_told_fails(sink):
    reminder = ReminderFactory(user__email="không@mạng@example.vn")

    assert send() == SendReport(failed=1)

    assert last_attempt(reminder).outcome == DeliveryOutcome.REFUSED
    assert sink.accepted == []


def test_send_due_with_a_senseless_answer_to_the_text_is_uncertain(sink):
    reminder = ReminderFactory()
    sink.at_text[reminder.user.email] = "299 who knows"

    assert send() == SendReport(uncertain=1)

    assert state_of(reminder) == ReminderState.UNCERTAIN


# --- A line that breaks ----------------------------------------------------------------


def test_send_due_cut_off_before_the_text_sends_it_later_and_once(sink):
    cut, waiting = ReminderFactory.create_batch(2)
    sink.drop_at[cut.user.email] = "recipient"

    assert send() == SendReport(postponed=1)

    assert [state_of(cut), state_of(waiting)] == [ReminderState.PLANNED] * 2
    assert last_attempt(cut).outcome == DeliveryOutcome.ERROR
    sink.drop_at.clear()
    let_pass(minutes=1)
    assert send() == SendReport(sent=2)
    assert sorted(sink.recipients) == sorted([cut.user.email, waiting.user.email])


def test_send_due_cut_off_after_the_text_is_uncertain_and_never_sent_again(sink):
    cut, waiting = ReminderFactory.create_batch(2)
    sink.drop_at[cut.user.email] = "text"

    assert send() == SendReport(uncertain=1)

    assert last_attempt(cut).outcome == DeliveryOutcome.UNKNOWN
    for _ in range(3):
        let_pass(hours=3)
        send()
    assert state_of(cut) == ReminderState.UNCERTAIN
    assert sink.recipients == [cut.user.email, waiting.user.email]


def test_send_due_told_that_the_server_closes_sends_it_later(sink):
    reminder = ReminderFactory()
    sink.at_text[reminder.user.email] = "421 closing"

    assert send() == SendReport(postponed=1)

    sink.at_text.clear()
    let_pass(minutes=1)
    assert send() == SendReport(sent=1)


def test_send_due_to_a_server_too_slow_is_uncertain(sink, monkeypatch):
    monkeypatch.setattr(channels, "TIMEOUT_SECONDS", 0.2)
    reminder = ReminderFactory()
    sink.hold.add(reminder.user.email)

    assert send() == SendReport(uncertain=1)

    assert state_of(reminder) == ReminderState.UNCERTAIN


# --- A server that is away ----------------------------------------------------------------


@pytest.fixture
def no_server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = free_port()


@pytest.mark.usefixtures("no_server")
def test_send_due_without_a_server_waits_longer_and_longer_and_then_fails():
    reminder = ReminderFactory()

    for pause in PAUSES:
        assert send() == SendReport(postponed=1)
        let_pass(seconds=pause.total_seconds() - 1)
        assert send() == SendReport()
        let_pass(seconds=1)
    assert send() == SendReport(failed=1)

    assert state_of(reminder) == ReminderState.FAILED
    attempts = DeliveryAttempt.objects.values_list("outcome", "message_id")
    assert list(attempts) == [(DeliveryOutcome.ERROR, "")] * MAX_ATTEMPTS
    assert last_attempt(reminder).detail.startswith("ConnectionRefusedError")


@pytest.mark.usefixtures("no_server")
def test_send_due_without_a_server_and_without_letters_connects_to_nobody():
    ReminderFactory(user__email=None)

    assert send() == SendReport(unreachable=1)


def test_send_due_after_the_server_came_back_sends_once(sink, settings):
    settings.EMAIL_PORT = free_port()
    reminder = ReminderFactory()
    assert send() == SendReport(postponed=1)

    settings.EMAIL_PORT = sink.port
    let_pass(minutes=1)

    assert send() == SendReport(sent=1)
    assert sink.recipients == [reminder.user.email]


# --- Two at once -----------------------------------------------------------------------


def test_send_due_does_not_send_what_another_worker_has_taken_up(sink, monkeypatch):
    reminder = ReminderFactory()

    class Paused(channels.EmailChannel):
        """Sleeps so long before the hand-over that its claim is given to another worker."""

        def open(self):
            let_pass(minutes=3)
            assert send() == SendReport(sent=1)
            super().open()

    assert send_due(now=timezone.now(), channel=Paused()) == SendReport()
    assert sink.recipients == [reminder.user.email]


def test_send_due_given_up_in_the_middle_stays_uncertain(sink):
    reminder = ReminderFactory()

    class Frozen(channels.EmailChannel):
        """The machine stands still for minutes while the server has the text."""

        def send(self, reminder, message):
            super().send(reminder, message)
            let_pass(minutes=3)
            assert send() == SendReport()

    assert send_due(now=timezone.now(), channel=Frozen()) == SendReport(uncertain=1)
    assert state_of(reminder) == ReminderState.UNCERTAIN
    assert last_attempt(reminder).outcome == DeliveryOutcome.UNKNOWN
    assert send() == SendReport()
    assert sink.recipients == [reminder.user.email]


# --- Cost --------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 3])
def test_send_due_query_count(sink, people, django_assert_num_queries):
    ReminderFactory.create_batch(people)
    # Recovering 3 + savepoint 2, expired 1, claim 2 + 2, empty claim 1 + 2; each letter 2 x 2
    # in 2 savepoints.
    with django_assert_num_queries(13 + 8 * people):
        assert send().sent == people
