"""What waits for a way that stands still for hours takes the next way, once, and nothing sent twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.messaging.channels import short_messages
from lms.messaging.domain.health import OPENS_AFTER
from lms.messaging.enums import Outcome
from lms.messaging.extensions import channels
from lms.messaging.models import WayHealth
from lms.notifications.domain.sending import send_due
from lms.notifications.domain.silent_ways import leave_silent_ways
from lms.notifications.domain.ways import SMS_A_DAY_EACH
from lms.notifications.enums import ReminderState
from lms.notifications.models import DeliveryAttempt, Reminder, ReminderRule
from lms.notifications.tasks import leave_silent_ways_task
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory
from tests.lms.messaging.sms_provider import running_provider
from tests.lms.notifications.domain.ticks import let_pass, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]
PHONE = "+849123456"
HOUR = timedelta(hours=1)


@pytest.fixture
def provider(settings, monkeypatch):
    """SMS first, then mail; the provider of SMS takes the request and never answers."""
    settings.SUITE_WAYS = ["sms", "email"]
    monkeypatch.setattr(short_messages, "SMS_TIMEOUT_SECONDS", 0.3)
    with running_provider() as provider:
        provider.mood = "hang"
        settings.SUITE_SMS_HTTP = provider.settings()
        settings.SUITE_SMS_GATEWAY = "lms.messaging.channels.http_gateway.HttpGateway"
        yield provider


def by_sms(number, **fields):
    return ReminderFactory(
        **{"user__phone": f"{PHONE}{number:02}", "way": "sms", **fields},
        due_at=timezone.now() - HOUR,
    )


def tick(way):
    return send_due(now=timezone.now(), channel=channels.get(way))


def fail_for(hours, way="sms", last=timedelta()):
    """As if the way had failed for so long, the last time just now."""
    now = timezone.now()
    WayHealth.objects.update_or_create(
        way=way,
        defaults={
            "failures": OPENS_AFTER,
            "failing_since": now - hours * HOUR,
            "last_failure_at": now - last,
            "last_detail": "timed out",
        },
    )


def leave():
    return leave_silent_ways(now=timezone.now())


def test_provider_that_hangs_for_hours_keeps_only_what_it_may_have_got(provider, sink):
    rows = [by_sms(number) for number in range(5)]
    for _try in range(OPENS_AFTER):
        tick("sms")
        let_pass(minutes=1)
    may_have_got = set(Reminder.objects.filter(state=ReminderState.UNCERTAIN))
    assert len(may_have_got) == len(provider.taken) == OPENS_AFTER
    assert leave() == 0
    WayHealth.objects.update(failing_since=timezone.now() - 4 * HOUR)

    assert (leave(), leave()) == (2, 0)
    tick("email")
    provider.mood = ""
    let_pass(hours=12)
    tick("sms")

    sent = {row for row in rows if state_of(row) == ReminderState.SENT}
    assert sent == set(rows) - may_have_got
    assert sorted(sink.recipients) == sorted(row.user.email for row in sent)
    assert len(provider.taken) == OPENS_AFTER
    told = DeliveryAttempt.objects.filter(reminder__in=sent).order_by("pk")
    assert [(one.channel, one.outcome) for one in told] == [
        *[("sms", Outcome.NOT_NOW)] * 2,
        *[("email", Outcome.ACCEPTED)] * 2,
    ]


@pytest.mark.parametrize(
    ("patience", "hours", "last"), [(4, 3.9, 0 * HOUR), (0, 99, 0 * HOUR), (4, 12, 2 * HOUR)]
)
def test_nothing_leaves_before_its_time_where_it_is_to_wait_or_for_a_failure_before_it_was_due(
    settings, patience, hours, last
):
    settings.SUITE_WAYS = ["sms", "email"]
    settings.SUITE_WAY_PATIENCE_HOURS = patience
    by_sms(1)
    fail_for(hours, last=last)

    assert leave() == 0


def test_what_is_over_in_somebodys_hands_switched_off_or_perhaps_arrived_stays(settings):
    settings.SUITE_WAYS = ["sms", "email"]
    on = ReminderRuleFactory()
    off = ReminderRule.objects.create(kind=on.kind, lead_minutes=60, enabled=False)
    by_sms(1, rule=on, expires_at=timezone.now() - HOUR / 2)
    by_sms(2, rule=on, state=ReminderState.CLAIMED)
    by_sms(3, rule=on, state=ReminderState.UNCERTAIN)
    by_sms(4, rule=off)
    # Sent again by a person since.
    DeliveryAttempt.objects.create(
        reminder=by_sms(5, rule=on),
        channel="sms",
        started_at=timezone.now(),
        outcome=Outcome.UNKNOWN,
    )
    fail_for(5)

    assert leave() == 0
    by_sms(6, rule=on)
    assert leave() == 1


def test_whoever_has_no_other_way_waits_and_is_sent_when_it_is_back(provider):
    alone = by_sms(1, user__email=None)
    mail = by_sms(2)
    fail_for(5)
    fail_for(5, way="email")
    assert leave() == 0
    WayHealth.objects.all().delete()
    provider.mood = ""

    tick("sms")

    assert {state_of(alone), state_of(mail)} == {ReminderState.SENT}


def test_whoever_gets_no_more_sms_today_waits_as_well(settings, tmp_path, sink):
    settings.SUITE_WAYS = ["email", "sms"]
    settings.SUITE_SMS_FOLDER = tmp_path / "sms"
    person = UserFactory(phone=f"{PHONE}01", email="mau@example.vn")
    for _ in range(SMS_A_DAY_EACH):
        ReminderFactory(user=person, way="sms")
        tick("sms")
    row = ReminderFactory(user=person, way="email", due_at=timezone.now() - HOUR)
    fail_for(5, way="email")

    assert leave() == 0
    tick("sms")
    WayHealth.objects.all().delete()
    tick("email")
    assert state_of(row) == ReminderState.SENT


def test_two_ways_that_stand_still_one_after_the_other_do_not_play_it_back_and_forth(settings):
    settings.SUITE_WAYS = ["sms", "email"]
    row = by_sms(1)
    fail_for(5)
    assert leave() == 1
    WayHealth.objects.all().delete()
    fail_for(5, way="email")

    assert leave() == 0
    row.refresh_from_db()
    assert (row.state, row.way) == (ReminderState.PLANNED, "email")


def test_batches_go_through_all_and_the_tick_is_in_the_timetable(settings, monkeypatch):
    settings.SUITE_WAYS = ["sms", "email"]
    monkeypatch.setattr("lms.notifications.domain.silent_ways.BATCH", 2)
    for number in range(5):
        by_sms(number, **({"user__email": None} if number == 1 else {}))
    fail_for(5)

    leave_silent_ways_task()

    assert Reminder.objects.filter(way="email").count() == 4
    asked = settings.CELERY_BEAT_SCHEDULE["notifications.leave_silent_ways"]["task"]
    assert asked == leave_silent_ways_task.name


def test_queries_do_not_grow_with_the_messages(settings, django_assert_num_queries):
    settings.SUITE_WAYS = ["sms", "email"]
    for count in (1, 4):
        for number in range(count):
            by_sms(10 * count + number)
        fail_for(5)
        with django_assert_num_queries(15):
            assert leave() == count
        Reminder.objects.all().delete()
