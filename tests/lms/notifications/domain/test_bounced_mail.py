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


def come_back(settings, *keys):
    """Mails that a server took come back; return how many were read."""
    now = timezone.now()
    with running_mailbox() as inbox:
        settings.SUITE_BOUNCES = inbox.settings
        inbox.mails = {number: report(key) for number, key in enumerate(keys, start=1)}
        return read_bounces(now=now)


def test_next_way_is_due_and_the_address_is_on_the_list_to_repair(sink, settings):
    settings.SUITE_WAYS = ["email", "sms"]
    reminder = ReminderFactory(user__phone="+84912345678")
    fine = ReminderFactory()
    assert send().sent == 2
    assert come_back(settings, reminder_key(reminder), "<another@elsewhere.vn>") == 2

    assert [take_up_receipts(now=timezone.now()) for _tick in range(2)] == [1, 0]

    reminder.refresh_from_db()
    assert (reminder.state, reminder.way) == (ReminderState.PLANNED, "sms")
    assert last_attempt(reminder).receipt == ReceiptState.FAILED
    dead = DeadAddress.objects.current().get()
    assert (dead.user, dead.way, dead.address) == (reminder.user, "email", reminder.user.email)
    fine.refresh_from_db()
    assert fine.state == ReminderState.SENT


def test_number_made_up_of_what_others_may_know_names_no_message(sink, settings):
    reminder = ReminderFactory()
    send()
    digest = hashlib.sha256(reminder.unique_key.encode()).hexdigest()[:16]

    come_back(settings, message_key(f"reminder-{reminder.pk}-{digest}"))
    take_up_receipts(now=timezone.now())

    assert state_of(reminder) == ReminderState.SENT
    assert not DeadAddress.objects.exists()


def test_what_came_back_from_the_former_address_says_nothing_of_the_new_one(sink, settings):
    reminder = ReminderFactory()
    send()
    User.objects.filter(pk=reminder.user_id).update(email="moi@example.vn")

    come_back(settings, reminder_key(reminder))
    take_up_receipts(now=timezone.now())

    assert last_attempt(reminder).receipt == ReceiptState.FAILED
    assert not DeadAddress.objects.exists()
