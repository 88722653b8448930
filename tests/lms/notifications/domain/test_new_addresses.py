"""Whoever was to be called and has got an address since is written to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.accounts.models import User
from lms.messaging.extensions import channels
from lms.notifications.domain.new_addresses import leave_call_list
from lms.notifications.domain.preferences import EVERY_KIND, choose
from lms.notifications.domain.sending import SendReport, send_due
from lms.notifications.domain.ways import SMS_A_DAY_EACH
from lms.notifications.enums import PEOPLE, SITE, ReminderState
from lms.notifications.models import DeliveryAttempt, Reminder
from tests.factories.accounts import UserFactory
from tests.factories.notifications import (
    DeadAddressFactory,
    PushDeviceFactory,
    ReminderFactory,
    ReminderRuleFactory,
)
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


def test_whoever_has_no_address_is_not_loaded_and_of_the_others_all_at_once(
    django_assert_num_queries,
):
    def given_address(row):
        User.objects.filter(pk=row.user_id).update(email=f"{row.pk}@example.vn")

    for number in (1, 3):
        rows = [to_be_called() for _ in range(number)]
        # The rules, and whom a way may reach.
        with django_assert_num_queries(2):
            assert leave_call_list(now=timezone.now()) == 0
        for row in rows:
            given_address(row)
        # The rows, what was tried, wishes, dead addresses, and the change.
        with django_assert_num_queries(7):
            assert leave_call_list(now=timezone.now()) == number
        Reminder.objects.all().delete()


@pytest.mark.parametrize("key", ["email", "sms", "zalo", "push"])
def test_whom_a_way_may_reach_is_who_has_an_address_of_it(key, settings):
    settings.SUITE_PUSH_KEY = "key"
    channel = channels.get(key)
    mail, phone = UserFactory(email="a@example.vn"), UserFactory(phone="+84912345678")
    device = PushDeviceFactory(user__email=None).user
    UserFactory(email=None, phone=None)
    for one in (mail, phone, device):
        ReminderFactory(user=one)

    found = Reminder.objects.filter(channel.may_reach("user")).values_list("user", flat=True)

    people = User.objects.filter(reminders__isnull=False)
    assert set(found) == {one.pk for one in people if channel.address_of(one)}
    assert len(found) == 1


def test_rule_that_goes_another_way_and_address_given_up_are_not_looked_at(
    django_assert_num_queries,
):
    by_sms_alone = to_be_called(rule__kind="tests.note", rule__ways=["sms"])
    given_up = to_be_called(rule=ReminderRuleFactory(kind="tests.other"))
    for row in (by_sms_alone, given_up):
        User.objects.filter(pk=row.user_id).update(email=f"{row.pk}@example.vn")
    given_up.user.refresh_from_db()
    DeadAddressFactory(
        user=given_up.user, way="email", address=given_up.user.email, call_instead=True
    )

    with django_assert_num_queries(2):
        assert leave_call_list(now=timezone.now()) == 0


def test_who_wants_to_read_it_in_the_site_alone_is_called_no_more(kind, monkeypatch):
    monkeypatch.setattr(type(kind), "is_mandatory", False)
    row = to_be_called()
    choose(user=row.user, ways={EVERY_KIND: SITE})

    assert leave_call_list(now=timezone.now()) == 1
    row.refresh_from_db()
    assert (row.state, row.way) == (ReminderState.PLANNED, SITE)
