"""What stands in the way of sending: a faulty kind, a server that refuses, hangs up, dawdles."""

import json
import logging

import pytest
from django.utils import timezone

from lms.messaging.channels.mail import MailChannel, MailLine
from lms.messaging.enums import Outcome
from lms.messaging.extensions import channels
from lms.notifications.domain import sending, transitions
from lms.notifications.domain.sending import SendReport, send_due
from lms.notifications.domain.transitions import MAX_ATTEMPTS, PAUSES
from lms.notifications.enums import ReminderState
from lms.notifications.models import DeliveryAttempt, Reminder
from tests.factories.notifications import ReminderFactory
from tests.lms.messaging.sms_provider import running_provider
from tests.lms.notifications.domain.ticks import last_attempt, let_pass, send, state_of
from tests.services import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]


@pytest.fixture(autouse=True)
def _pauses_to_the_second(monkeypatch):
    monkeypatch.setattr(transitions, "JITTER", 0)


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
    assert attempt.outcome == Outcome.REFUSED
    assert attempt.detail == "550 <[…]> no such mailbox"
    told = [row.getMessage() for row in caplog.records if row.name.startswith("lms.")]
    assert told == [f"Reminder {refused.pk} was not accepted: 550 <[…]> no such mailbox"]
    assert sink.recipients == [fine.user.email]
    assert sink.connections == 1


@pytest.mark.parametrize(
    ("answer", "report", "state"),
    [
        ("554 rejected", SendReport(failed=1), ReminderState.FAILED),
        ("299 who knows", SendReport(uncertain=1), ReminderState.UNCERTAIN),
    ],
)
def test_send_due_with_a_refused_text_fails_and_with_a_senseless_answer_is_uncertain(
    sink, answer, report, state
):
    reminder = ReminderFactory()
    sink.at_text[reminder.user.email] = answer

    assert send() == report

    assert state_of(reminder) == state
    assert answer in last_attempt(reminder).detail


@pytest.mark.parametrize(
    ("place", "answer"),
    [("at_recipient", "451 greylisted"), ("at_text", "451 greylisted"), ("at_text", "421 closing")],
)
def test_send_due_told_to_try_later_or_that_the_server_closes_tries_later_and_once(
    sink, place, answer
):
    reminder = ReminderFactory()
    getattr(sink, place)[reminder.user.email] = answer

    assert send() == SendReport(postponed=1)
    assert send() == SendReport()

    assert state_of(reminder) == ReminderState.PLANNED
    assert last_attempt(reminder).outcome == Outcome.NOT_NOW
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

    assert last_attempt(reminder).outcome == Outcome.REFUSED
    assert sink.accepted == []


# --- A line that breaks ----------------------------------------------------------------


def test_send_due_cut_off_before_the_text_sends_it_later_and_once(sink):
    cut, waiting = ReminderFactory.create_batch(2)
    sink.drop_at[cut.user.email] = "recipient"

    assert send() == SendReport(postponed=1)

    assert [state_of(cut), state_of(waiting)] == [ReminderState.PLANNED] * 2
    assert last_attempt(cut).outcome == Outcome.NOT_NOW
    sink.drop_at.clear()
    let_pass(minutes=1)
    assert send() == SendReport(sent=2)
    assert sorted(sink.recipients) == sorted([cut.user.email, waiting.user.email])


def test_line_that_breaks_among_messages_begun_together_gives_the_rest_back(sink, monkeypatch):
    monkeypatch.setattr(sending, "MOMENT", 1000)
    reminders = ReminderFactory.create_batch(6)
    sink.drop_at[reminders[3].user.email] = "recipient"

    assert send() == SendReport(sent=3, postponed=1)

    rows = Reminder.objects.order_by("pk").values_list("state", "attempts")
    tried = [(ReminderState.SENT, 1)] * 3 + [(ReminderState.PLANNED, 1)]
    assert list(rows) == [*tried, *[(ReminderState.PLANNED, 0)] * 2]
    assert DeliveryAttempt.objects.count() == 4


@pytest.mark.parametrize(
    ("count", "seconds", "together"),
    [(1, 0.2, 5), (5, 0.1, 10), (10, 20, 1), (1, 0, 10), (0, 3, 1)],
)
def test_so_many_are_begun_together_as_leave_within_a_moment(count, seconds, together):
    pace = sending._Pace()
    assert pace.together == 1

    pace.note(count=count, seconds=seconds)

    assert pace.together == together


def test_send_due_cut_off_after_the_text_is_uncertain_and_never_sent_again(sink):
    cut, waiting = ReminderFactory.create_batch(2)
    sink.drop_at[cut.user.email] = "text"

    assert send() == SendReport(uncertain=1)

    assert last_attempt(cut).outcome == Outcome.UNKNOWN
    for _ in range(3):
        let_pass(hours=3)
        send()
    assert state_of(cut) == ReminderState.UNCERTAIN
    assert sink.recipients == [cut.user.email, waiting.user.email]


def test_send_due_to_a_server_too_slow_is_uncertain(sink, settings):
    settings.EMAIL_TIMEOUT = 0.2
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
    assert list(attempts) == [(Outcome.NOT_NOW, "")] * MAX_ATTEMPTS
    assert last_attempt(reminder).detail.startswith("ConnectionRefusedError")


def test_send_due_to_a_server_that_does_not_greet_hands_nothing_over(sink, settings):
    settings.EMAIL_TIMEOUT = 0.2
    sink.hold.add("greeting")
    reminder = ReminderFactory()

    assert send() == SendReport(postponed=1)

    sink.hold.clear()
    let_pass(minutes=1)
    assert send() == SendReport(sent=1)
    assert sink.recipients == [reminder.user.email]


def over(line_class):
    """E-mail over lines of this class."""
    channel = MailChannel()
    channel.line = line_class
    return channel


# --- Two at once -----------------------------------------------------------------------


def test_send_due_does_not_send_what_another_worker_has_taken_up(sink, monkeypatch):
    reminder = ReminderFactory()

    class Paused(MailLine):
        """Sleeps so long before the hand-over that its claim is given to another worker."""

        def open(self):
            let_pass(minutes=3)
            assert send() == SendReport(sent=1)
            return super().open()

    assert send_due(now=timezone.now(), channel=over(Paused)) == SendReport()
    assert sink.recipients == [reminder.user.email]


def test_send_due_given_up_in_the_middle_stays_uncertain(sink):
    reminder = ReminderFactory()

    class Frozen(MailLine):
        """The machine stands still for minutes while the server has the text."""

        def send(self, letter):
            answer = super().send(letter)
            let_pass(minutes=3)
            assert send() == SendReport()
            return answer

    assert send_due(now=timezone.now(), channel=over(Frozen)) == SendReport(uncertain=1)
    assert state_of(reminder) == ReminderState.UNCERTAIN
    assert last_attempt(reminder).outcome == Outcome.UNKNOWN
    assert send() == SendReport()
    assert sink.recipients == [reminder.user.email]


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (200, {"code": 100, "data": {"id": "n\0\ud800" + "1" * 300}}, ReminderState.SENT),
        (400, "\0", ReminderState.FAILED),
    ],
    ids=["accepted", "refused"],
)
def test_words_that_no_database_takes_end_a_message_all_the_same(settings, status, body, state):
    """A number that is too long, a zero, half a letter: PostgreSQL refuses each of them."""
    reminder = ReminderFactory(user__email=None, user__phone="+84912345678", way="sms")
    with running_provider() as provider:
        provider.status = status
        provider.body = body if isinstance(body, str) else json.dumps(body)
        settings.SUITE_SMS_HTTP = provider.settings()
        settings.SUITE_SMS_GATEWAY = "lms.messaging.channels.http_gateway.HttpGateway"
        send_due(now=timezone.now(), channel=channels.get("sms"))

    assert state_of(reminder) == state
