"""What is sent, to whom, and when, over a real mail server."""

import re
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone, translation

from lms.messaging.channels.mail import MailChannel
from lms.messaging.domain.health import take_way
from lms.messaging.enums import Outcome
from lms.notifications.domain import sending
from lms.notifications.domain.planning import plan_reminders
from lms.notifications.domain.sending import SendReport, send_in_turn
from lms.notifications.domain.transitions import STALE_AFTER
from lms.notifications.enums import DropReason, ReminderState
from lms.notifications.extensions import PlannedReminder
from lms.notifications.models import DeliveryAttempt, Reminder, ReminderRule
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory
from tests.lms.notifications.domain.ticks import let_pass, send, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]
on_sqlite_too = pytest.mark.sqlite("locks; time and order of what is due")


# --- What arrives --------------------------------------------------------------


def text_of(mail):
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


@on_sqlite_too
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
    text = text_of(mail)
    assert re.match(r"[^\n]* Trần Thị Mẫu,\n\nMời anh/chị xem lịch học\.\n\n--", text)
    assert "https://taphuan.example.vn/" in text
    assert state_of(reminder) == ReminderState.SENT
    attempt = DeliveryAttempt.objects.get()
    assert attempt.outcome == Outcome.ACCEPTED
    assert attempt.message_id == mail["Message-ID"]
    assert attempt.finished_at >= attempt.started_at


def test_send_due_writes_vietnamese_whatever_language_is_active(sink):
    ReminderFactory()
    send()
    ReminderFactory()

    with translation.override("en"):
        send()

    assert text_of(sink.accepted[1]) == text_of(sink.accepted[0])


def test_send_due_in_a_trial_says_that_people_are_made_up(sink, settings):
    for settings.SUITE_DEMO in (False, True):
        ReminderFactory()
        send()

    real, trial = (text_of(mail).splitlines() for mail in sink.accepted)
    assert trial[: len(real)] == real
    assert len(trial) == len(real) + 1


def test_send_due_keeps_a_subject_on_one_line(sink, kind):
    ReminderFactory(unique_key="tests.note:1\nBcc: khac@example.vn")

    assert send().sent == 1

    (mail,) = sink.accepted
    assert mail["Subject"] == "Nhắc tests.note:1 Bcc: khac@example.vn"
    assert mail["Bcc"] is None


@on_sqlite_too
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


@on_sqlite_too
def test_send_due_leaves_what_has_to_wait(sink):
    """Not due, of a rule that is switched off, and of an app that was taken out."""
    on = ReminderRuleFactory()
    off = ReminderRule.objects.create(kind=on.kind, lead_minutes=60, enabled=False)
    reminders = [
        ReminderFactory(rule=on, due_at=timezone.now() + timedelta(hours=1)),
        ReminderFactory(rule=off),
        ReminderFactory(rule=ReminderRuleFactory(kind="gone.note")),
    ]

    assert send() == SendReport()

    assert [state_of(one) for one in reminders] == [ReminderState.PLANNED] * 3
    assert sink.connections == 0


@on_sqlite_too
def test_send_due_cancels_what_is_too_late_or_unwanted_and_writes_to_nobody_who_left(sink, kind):
    late, day = timezone.now() - timedelta(days=2), timedelta(days=1)
    unwanted, wanted = ReminderFactory.create_batch(2)
    kind.unwanted = {unwanted.unique_key}
    reasons = {
        ReminderFactory(due_at=late, expires_at=late + day).pk: DropReason.LATE,
        ReminderFactory(user__is_active=False).pk: DropReason.CLOSED,
        unwanted.pk: DropReason.MOOT,
    }

    assert send() == SendReport(sent=1, cancelled=3)

    cancelled = Reminder.objects.filter(state=ReminderState.CANCELLED)
    assert dict(cancelled.values_list("pk", "reason")) == reasons
    assert sink.recipients == [wanted.user.email]


@pytest.mark.parametrize("address", [None, ""])
def test_send_due_shows_who_has_no_address(sink, address):
    reminder = ReminderFactory(user__email=address)

    assert send() == SendReport(unreachable=1)

    assert state_of(reminder) == ReminderState.UNREACHABLE
    assert not DeliveryAttempt.objects.exists()
    assert sink.connections == 0


@on_sqlite_too
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


def test_slow_server_holds_a_tick_no_longer_than_it_may_take(sink, monkeypatch):
    """The clock moves on by a minute with each letter, as it would beside a server that is slow."""
    seconds = count(step=60)
    monkeypatch.setattr(sending.time, "monotonic", lambda: next(seconds))
    ReminderFactory.create_batch(3)

    assert send().sent <= 1

    states = list(Reminder.objects.values_list("state", flat=True))
    assert set(states) <= {ReminderState.PLANNED, ReminderState.SENT}
    assert states.count(ReminderState.PLANNED) >= 2


@on_sqlite_too
def test_way_that_somebody_uses_is_left_to_him_until_he_is_gone(sink):
    ReminderFactory()
    now, way = timezone.now(), MailChannel()
    assert take_way(way="email", now=now, until=now + STALE_AFTER)

    assert send_in_turn(now=now, channel=way) == SendReport()
    assert not take_way(way="email", now=now, until=now + STALE_AFTER)
    assert take_way(way="sms", now=now, until=now + STALE_AFTER)

    later = now + STALE_AFTER
    assert send_in_turn(now=later, channel=way) == SendReport(sent=1)
    assert take_way(way="email", now=later, until=later + STALE_AFTER)


# --- Cost --------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 3])
def test_send_due_query_count(sink, people, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(sending, "MOST_TOGETHER", 1)
    # However slow the machine is.
    monkeypatch.setattr(sending, "MOMENT", 1000)
    ReminderFactory.create_batch(people)
    # Recovering 3 + savepoint 2, expired 1, claim 4 + 2, empty claim 1; how the way does, 2, and
    # its first row, 5; their notices 1; at each claim whether there is a pause; what is begun and
    # ended in one commit: 10, whatever their number.
    with django_assert_num_queries(23 + 10 * people):
        assert send().sent == people
