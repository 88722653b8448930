"""A mail that a server took and that came back later: the next way is due, the address to be mended."""

import hashlib

import pytest
from django.utils import timezone

from lms.accounts.models import User
from lms.messaging.domain.bounces import read_bounces
from lms.messaging.keys import message_key
from lms.notifications.domain.letters import reminder_key
from lms.notifications.domain.receipts import take_up_receipts
from lms.notifications.enums import ReceiptState, ReminderState
from lms.notifications.models import DeadAddress
from tests.factories.notifications import ReminderFactory
from tests.lms.messaging.imap_server import running_mailbox
from tests.lms.messaging.test_bounces import report
from tests.lms.notifications.domain.ticks import last_attempt, send, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]


def test_next_way_is_due_and_the_address_is_on_the_list_to_repair(sink, settings):
    settings.SUITE_WAYS = ["email", "sms"]
    reminder = ReminderFactory(user__phone="+84912345678")
    fine = ReminderFactory()
    assert send().sent == 2
    now = timezone.now()
    with running_mailbox() as inbox:
        settings.SUITE_BOUNCES = inbox.settings
        inbox.mails = {1: report(reminder_key(reminder)), 2: report("<another@elsewhere.vn>")}
        assert read_bounces(now=now) == 2

    assert [take_up_receipts(now=now), take_up_receipts(now=now)] == [1, 0]

    reminder.refresh_from_db()
    assert (reminder.state, reminder.way) == (ReminderState.PLANNED, "sms")
    assert last_attempt(reminder).receipt == ReceiptState.FAILED
    dead = DeadAddress.objects.current().get()
    assert (dead.user, dead.way, dead.address) == (reminder.user, "email", reminder.user.email)
    fine.refresh_from_db()
    assert fine.state == ReminderState.SENT


def come_back(key, settings):
    now = timezone.now()
    with running_mailbox() as inbox:
        settings.SUITE_BOUNCES = inbox.settings
        inbox.mails = {1: report(key)}
        read_bounces(now=now)
    take_up_receipts(now=now)


def test_number_made_up_of_what_others_may_know_names_no_message(sink, settings):
    reminder = ReminderFactory()
    send()
    digest = hashlib.sha256(reminder.unique_key.encode()).hexdigest()[:16]

    come_back(message_key(f"reminder-{reminder.pk}-{digest}"), settings)

    assert state_of(reminder) == ReminderState.SENT
    assert not DeadAddress.objects.exists()


def test_what_came_back_from_the_former_address_says_nothing_of_the_new_one(sink, settings):
    reminder = ReminderFactory()
    send()
    User.objects.filter(pk=reminder.user_id).update(email="moi@example.vn")

    come_back(reminder_key(reminder), settings)

    assert last_attempt(reminder).receipt == ReceiptState.FAILED
    assert not DeadAddress.objects.exists()
