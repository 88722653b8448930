"""A person's own order of ways, and what may be kept to the site."""

from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from lms.notifications.domain.planning import plan_reminders
from lms.notifications.domain.preferences import (
    EVERY_KIND,
    choices_of,
    choose,
    read_token,
    unsubscribe,
    unsubscribe_token,
    wishes_of,
)
from lms.notifications.domain.transitions import send_again, take_next_ways
from lms.notifications.enums import SITE, ReminderState
from lms.notifications.extensions import PlannedReminder
from lms.notifications.models import Reminder
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ReminderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(email="mau@example.vn", phone="+84912000001")


def way_planned(kind, person):
    now = timezone.now()
    item = PlannedReminder(
        "tests.note:1", person.pk, now + timedelta(hours=1), now.replace(year=9999)
    )
    kind.planned = [item]
    plan_reminders(now=now)
    return Reminder.objects.get().way


def test_own_order_stands_above_that_of_the_suite(optional, person):
    assert way_planned(optional, person) == "email"

    choose(user=person, ways={EVERY_KIND: "sms"})
    # What waits already follows.
    assert way_planned(optional, person) == "sms"

    choose(user=person, ways={optional.key: "email"})
    assert way_planned(optional, person) == "email"

    choose(user=person, ways={optional.key: SITE})
    assert way_planned(optional, person) == SITE

    choose(user=person, ways={optional.key: "", EVERY_KIND: ""})
    assert way_planned(optional, person) == "email"
    assert choices_of(user=person) == {}


def test_wish_without_an_address_falls_back_to_the_order_of_the_suite(optional):
    person = UserFactory(email="mau@example.vn")
    choose(user=person, ways={EVERY_KIND: "sms"})

    assert way_planned(optional, person) == "email"


def test_mandatory_kind_is_not_kept_to_the_site(kind, person):
    choose(user=person, ways={kind.key: SITE, EVERY_KIND: SITE})

    assert way_planned(kind, person) == "email"
    assert wishes_of(pairs={(person.pk, kind.key)}) == {}


def test_choice_of_a_way_that_is_not_there_is_not_kept(optional, person, settings):
    settings.SUITE_SMS_GATEWAY = ""

    choose(user=person, ways={EVERY_KIND: "sms", optional.key: "gone"})

    assert choices_of(user=person) == {}


def test_next_ways_follow_the_wish_at_the_same_cost_for_one_and_many(
    optional, django_assert_num_queries
):
    def spent(number):
        people = [
            UserFactory(email=f"{number}-{place}@example.vn", phone=f"+8491300{number}{place:03}")
            for place in range(number)
        ]
        for one in people:
            choose(user=one, ways={EVERY_KIND: "sms"})
        return [ReminderFactory(user=one, state=ReminderState.CLAIMED) for one in people]

    for number in (1, 3):
        reminders = spent(number)
        # What was tried, the wishes, one statement for the one way.
        with django_assert_num_queries(4):
            moved = take_next_ways(reminders=reminders, old=ReminderState.CLAIMED)
        assert moved == {ReminderState.PLANNED: number}
        rows = Reminder.objects.filter(pk__in=[one.pk for one in reminders])
        assert {one.way for one in rows} == {"sms"}
    with django_assert_num_queries(0):
        assert not take_next_ways(reminders=[], old=ReminderState.CLAIMED)


def test_what_is_sent_again_takes_the_way_wanted(optional, person):
    choose(user=person, ways={EVERY_KIND: "sms"})
    reminder = ReminderFactory(user=person, state=ReminderState.FAILED)

    send_again(reminder=reminder, by=person, now=timezone.now())

    assert Reminder.objects.get().way == "sms"


def test_token_stops_its_kind_for_its_person_alone(optional, person):
    token = unsubscribe_token(user_id=person.pk, kinds=[optional.key])

    assert read_token(token) == (person, [optional])
    for _twice in range(2):
        unsubscribe(user=person, kinds=[optional])
    assert choices_of(user=person) == {optional.key: SITE}
    # In a mail of before it names one kind by itself.
    before = signing.dumps([person.pk, optional.key], salt="lms.notifications.unsubscribe")
    assert read_token(before) == (person, [optional])


def test_token_of_nothing_to_stop_is_none(optional, person):
    def made(kind):
        return unsubscribe_token(user_id=person.pk, kinds=[kind])

    assert read_token(made("gone.kind")) is None
    assert read_token(made(optional.key)[:-1]) is None
    assert read_token(signing.dumps([person.pk, optional.key], salt="other")) is None
    optional.is_mandatory = True
    assert read_token(made(optional.key)) is None
    optional.is_mandatory = False
    person.is_active = False
    person.save()
    assert read_token(made(optional.key)) is None
