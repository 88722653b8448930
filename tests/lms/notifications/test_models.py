from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from lms.accounts.models import User
from lms.notifications.models import DeliveryAttempt, Reminder, ReminderRule
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory
from tests.shared import shared

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("the constraints of each database")]


@shared
def reminders(edition):
    """To a person of each of the two districts, and to one who moved from 353 to 350."""
    found = {}
    for name, codes in {"near": ["13384"], "far": ["13591"], "moved": ["13591", "13387"]}.items():
        user = UserFactory()
        for code in codes:
            PostingFactory(user=user, unit=unit(code))
        found[name] = ReminderFactory(user=user)
    return found


def test_visible_are_people_of_the_district_now_and_before_the_own_or_to_a_superuser_all(
    reminders, coordinator
):
    near = reminders["near"]
    assert set(Reminder.objects.visible_to(coordinator)) == {near, reminders["moved"]}
    assert list(Reminder.objects.visible_to(near.user)) == [near]
    assert Reminder.objects.visible_to(UserFactory(is_superuser=True)).count() == 3


def test_who_looks_after_the_whole_or_an_area_sees_the_rules_of_it_and_changes_the_own(
    edition, coordinator, trainer, monitor
):
    province = ReminderRuleFactory()
    own = ReminderRuleFactory(kind="tests.own", unit=unit("350"))
    commune = ReminderRuleFactory(kind="tests.commune", unit=unit("13387"))
    other = ReminderRuleFactory(kind="tests.other", unit=unit("353"))

    seen = ReminderRule.objects.visible_to(coordinator).order_by("pk")
    assert list(seen) == [province, own, commune]
    assert list(ReminderRule.objects.manageable_by(coordinator).order_by("pk")) == [own, commune]
    for rules in (ReminderRule.objects.visible_to, ReminderRule.objects.manageable_by):
        assert list(rules(monitor).order_by("pk")) == [province, own, commune, other]
        assert not rules(trainer).exists()


def test_reminder_that_expires_before_it_is_due_is_refused():
    now = timezone.now()

    with pytest.raises(IntegrityError, match="reminder_expires_after_due"):
        ReminderFactory(due_at=now, expires_at=now - timedelta(seconds=1))


def test_names_say_no_more_than_keys():
    reminder = ReminderFactory(unique_key="tests.note:1")
    attempt = DeliveryAttempt(reminder=reminder, outcome="accepted")

    assert str(reminder.rule) == "tests.note"
    assert str(reminder) == "tests.note:1"
    assert str(attempt) == f"{reminder.pk}: accepted"
    assert User.objects.get().full_name not in str(reminder)
