"""The page of the ways to people: for administrators of the whole province."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lms.accounts.enums import Role
from lms.core.heartbeats import BEAT, record_heartbeats
from lms.core.models import Heartbeat
from lms.core.queues import QUEUES
from lms.messaging.domain.health import OPENS_AFTER, note_accepted, note_failure
from lms.messaging.domain.states import way_states
from lms.messaging.enums import WayCondition
from lms.notifications.enums import PEOPLE, ReminderState
from lms.notifications.labels import time_label
from tests.factories.accounts import log_in
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory
from tests.reading import html_of

pytestmark = pytest.mark.usefixtures("edition", "kind")


def page_of(client):
    response = client.get(reverse("ways"))
    return response, {line["state"].key: line for line in response.context["lines"]}


def test_page_tells_state_dates_and_what_was_sent(settings):
    settings.SUITE_SMS_PRICE, settings.SUITE_SMS_A_DAY, settings.SUITE_SMS_PARTS = 450, 200, 2
    now = timezone.now()
    note_accepted(way="sms", count=12, now=now)
    for _ in range(OPENS_AFTER):
        note_failure(way="sms", detail="503 het tien", now=now)

    response, lines = page_of(log_in(Role.ADMINISTRATOR, "35"))

    state = lines["sms"]["state"]
    assert (state.condition, state.sent_today, state.limit) == (WayCondition.PAUSED, 12, 200)
    # Each of twelve may have taken two parts.
    assert state.cost_at_most == 12 * 2 * 450
    assert lines["email"]["state"].cost_at_most is None
    text = html_of(response)
    assert time_label(state.health.paused_until) in text
    assert "503 het tien" in text
    assert "10.800" in text


def test_what_waits_is_due_and_of_this_way_alone(settings):
    settings.SUITE_SMS_PRICE = 0
    now = timezone.now()
    ReminderFactory(way="sms")
    ReminderFactory(way="sms", state=ReminderState.CLAIMED)
    for fields in (
        {"way": "email"},
        {"way": PEOPLE},
        {"way": "sms", "state": ReminderState.SENT},
        {"way": "sms", "due_at": now + timedelta(hours=1)},
        {"way": "sms", "expires_at": now, "due_at": now - timedelta(hours=1)},
        {"way": "sms", "rule": ReminderRuleFactory(kind="gone.note", enabled=False)},
    ):
        ReminderFactory(**fields)

    _response, lines = page_of(log_in(Role.ADMINISTRATOR, "35"))

    assert {key: line["waiting"] for key, line in lines.items()} == {
        "email": 1,
        "sms": 2,
        "site": 0,
        "zalo": 0,
        "push": 0,
    }
    assert lines["sms"]["state"].cost_at_most is None


def test_way_that_is_not_set_up_is_named_and_nothing_else_told_of_it(settings):
    settings.SUITE_SMS_GATEWAY = ""

    response, lines = page_of(log_in(Role.ADMINISTRATOR, "35"))

    assert lines["sms"]["state"].condition == WayCondition.NOT_SET_UP
    assert [state.key for state in way_states(now=timezone.now())] == list(lines)
    assert ".env.example" in html_of(response)


def test_page_asks_as_much_for_many_reminders_as_for_none():
    client = log_in(Role.ADMINISTRATOR, "35")
    client.get(reverse("ways"))
    with CaptureQueriesContext(connection) as before:
        client.get(reverse("ways"))
    ReminderFactory.create_batch(3, way="sms")

    with CaptureQueriesContext(connection) as after:
        client.get(reverse("ways"))

    own = [one["sql"] for one in after if "messaging_" in one["sql"] or "_reminder" in one["sql"]]
    assert (len(after), len(own)) == (len(before), 3)


def test_what_stands_still_or_cannot_be_planned_is_named_with_since_when():
    client, now = log_in(Role.ADMINISTRATOR, "35"), timezone.now()
    record_heartbeats(BEAT, *QUEUES, "notifications.plan_reminders")
    assert client.get(reverse("ways")).context["alarms"] == []
    hour_ago = now - timedelta(hours=1)
    rule = ReminderRuleFactory(name="Nhắc trước buổi học", failing_since=hour_ago)
    (alarm,) = client.get(reverse("ways")).context["alarms"]
    assert (alarm["name"], alarm["since"]) == ("Nhắc trước buổi học", hour_ago)
    rule.delete()
    Heartbeat.objects.filter(name__in=("reminders", "notifications.plan_reminders")).update(
        ticked_at=hour_ago
    )
    for _ in range(OPENS_AFTER):
        note_failure(way="email", detail="TimeoutError", now=now)
    ReminderFactory(way="email")

    alarms = client.get(reverse("ways")).context["alarms"]

    assert [one["since"] for one in alarms] == [now, hour_ago, hour_ago]
    assert [one["waiting"] for one in alarms] == [1, 0, 0]
    Heartbeat.objects.all().delete()
    assert len(client.get(reverse("ways")).context["alarms"]) == 1 + 1 + len(QUEUES)


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.ADMINISTRATOR, "350"),
        (Role.MONITOR, "35"),
        (Role.COORDINATOR, "35"),
        (Role.TRAINER, "350"),
    ],
)
def test_others_are_led_away_as_if_there_were_no_page(role, code):
    client = log_in(role, code)

    assert client.get(reverse("ways")).status_code == 302
    assert reverse("ways") not in html_of(client.get(reverse("wagtailadmin_home")))
