"""Whoever was to be called and has got an address since is written to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.accounts.models import User
from lms.messaging.extensions import channels
from lms.notifications.domain.new_addresses import leave_call_list
from lms.notifications.domain.sending import SendReport, send_due
from lms.notifications.domain.ways import SMS_A_DAY_EACH
from lms.notifications.enums import PEOPLE, ReminderState
from lms.notifications.models import DeliveryAttempt, Reminder
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ReminderFactory
from tests.lms.notifications.domain.ticks import send, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]


def to_be_called(**values):
    return ReminderFactory(state=ReminderState.UNREACHABLE, way=PEOPLE, user__email=None, **values)


def test_who_has_got_an_address_is_called_no_more(sink):
    found, without, too_late = to_be_called(), to_be_called(), to_be_called()
    for one, email in ((found, "moi@example.vn"), (too_late, "muon@example.vn")):
        User.objects.filter(pk=one.user_id).update(email=email)
    now = timezone.now()
    Reminder.objects.filter(pk=too_late.pk).update(due_at=now - timedelta(days=1), expires_at=now)

    assert [leave_call_list(now=now), leave_call_list(now=now)] == [1, 0]

    assert send() == SendReport(sent=1)
    assert sink.recipients == ["moi@example.vn"]
    assert {state_of(one) for one in (without, too_late)} == {ReminderState.UNREACHABLE}


def test_who_gets_no_more_sms_today_stays_on_the_call_list(settings, tmp_path):
    settings.SUITE_SMS_FOLDER = tmp_path / "sms"
    person = UserFactory(phone="+84912345678")
    for _ in range(SMS_A_DAY_EACH):
        ReminderFactory(user=person, way="sms")
        send_due(now=timezone.now(), channel=channels.get("sms"))
    assert DeliveryAttempt.objects.filter(channel="sms").count() == SMS_A_DAY_EACH
    ReminderFactory(user=person, state=ReminderState.UNREACHABLE, way=PEOPLE)

    assert leave_call_list(now=timezone.now()) == 0
    assert leave_call_list(now=timezone.now() + timedelta(days=1)) == 0
    Reminder.objects.update(expires_at=timezone.now() + timedelta(days=3))
    assert leave_call_list(now=timezone.now() + timedelta(days=1)) == 1


def test_call_list_costs_the_same_whatever_its_length(django_assert_num_queries):
    for number in (1, 3):
        for _ in range(number):
            to_be_called()
        # The list, its rows, what was tried, wishes, dead addresses.
        with django_assert_num_queries(5):
            leave_call_list(now=timezone.now())
