"""The circuit breaker: who is left alone, for how long, and who tries again."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from lms.messaging.channels.short_messages import SmsChannel
from lms.messaging.domain.delivery import send_now
from lms.messaging.domain.health import (
    OPENS_AFTER,
    PAUSES,
    TRIAL,
    is_paused,
    left_today,
    may_be_tried,
    note_accepted,
    note_answered,
    note_failure,
)
from lms.messaging.enums import Outcome
from lms.messaging.extensions import Letter
from lms.messaging.gauges import GAUGES
from lms.messaging.models import WayHealth
from tests.lms.messaging.sms_provider import running_provider

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
SECOND = timedelta(seconds=1)
LETTER = Letter(to="+84912345678", key="<1@vd.vn>", subject="", text="", short="Ma: 1")


def fail(times=1, at=NOW):
    for _ in range(times):
        note_failure(way="sms", detail="TimeoutError", now=at)


def test_way_is_left_alone_after_some_failures_until_after_a_pause_one_tries_for_all():
    fail(OPENS_AFTER - 1)
    assert may_be_tried(way="sms", now=NOW)

    fail()

    later = NOW + PAUSES[0]
    assert not may_be_tried(way="sms", now=later - SECOND)
    assert is_paused(way="sms", now=later - SECOND)
    assert may_be_tried(way="email", now=NOW)
    # The others wait for the outcome.
    assert [may_be_tried(way="sms", now=later) for _try in range(2)] == [True, False]
    # Whoever tried was killed: another one may.
    assert may_be_tried(way="sms", now=later + TRIAL)


def test_pause_grows_with_each_failure_and_ends_with_the_first_answer():
    fail(OPENS_AFTER + 1)
    assert is_paused(way="sms", now=NOW + PAUSES[1] - SECOND)
    fail(10)
    assert is_paused(way="sms", now=NOW + PAUSES[-1] - SECOND)
    assert not is_paused(way="sms", now=NOW + PAUSES[-1])

    note_answered(way="sms")

    assert may_be_tried(way="sms", now=NOW)
    fail(OPENS_AFTER - 1)
    assert may_be_tried(way="sms", now=NOW)


def test_what_failed_last_and_since_when_is_told():
    fail(at=NOW)
    fail(at=NOW + SECOND)

    row = WayHealth.objects.get(way="sms")

    assert (row.failing_since, row.last_failure_at) == (NOW, NOW + SECOND)
    assert row.last_detail == "TimeoutError"
    note_accepted(way="sms", count=1, now=NOW + 2 * SECOND)
    row.refresh_from_db()
    assert (row.failing_since, row.failures, row.accepted) == (None, 0, 1)


def test_day_is_counted_from_local_midnight(settings):
    settings.SUITE_SMS_A_DAY = 3
    evening = NOW.replace(hour=23, minute=59)
    assert left_today(channel=SmsChannel(), now=evening) == 3

    note_accepted(way="sms", count=1, now=evening)
    note_accepted(way="sms", count=4, now=evening)

    assert left_today(channel=SmsChannel(), now=evening) == 0
    assert left_today(channel=SmsChannel(), now=evening + timedelta(minutes=1)) == 3
    note_accepted(way="sms", count=1, now=evening + timedelta(minutes=1))
    assert left_today(channel=SmsChannel(), now=evening + timedelta(minutes=1)) == 2
    settings.SUITE_SMS_A_DAY = 0
    assert left_today(channel=SmsChannel(), now=evening) is None


def test_provider_that_hangs_is_asked_no_more_and_a_refusal_is_none_of_its_faults(
    settings, monkeypatch
):
    monkeypatch.setattr("lms.messaging.channels.short_messages.SMS_TIMEOUT_SECONDS", 0.1)
    with running_provider() as provider:
        settings.SUITE_SMS_HTTP = provider.settings()
        settings.SUITE_SMS_GATEWAY = "lms.messaging.channels.http_gateway.HttpGateway"
        provider.status = 400
        for _ in range(OPENS_AFTER):
            assert send_now(channel=SmsChannel(), letter=LETTER).outcome == Outcome.REFUSED
        provider.mood = "hang"
        for _ in range(OPENS_AFTER):
            assert send_now(channel=SmsChannel(), letter=LETTER).outcome == Outcome.UNKNOWN
        asked = len(provider.taken)

        assert send_now(channel=SmsChannel(), letter=LETTER).outcome == Outcome.NOT_NOW

        assert len(provider.taken) == asked


def test_gauges_tell_each_way(settings):
    fail(at=NOW - timedelta(minutes=5))
    note_accepted(way="email", count=7, now=NOW)
    failing, accepted = (gauge.read(NOW) for gauge in GAUGES)

    assert failing == {"email": 0, "sms": 300, "site": 0}
    assert accepted == {"email": 7, "sms": 0, "site": 0}


def test_last_part_of_the_limit_is_kept_for_codes_and_holds_for_them_too(settings, tmp_path):
    settings.SUITE_SMS_FOLDER = tmp_path
    settings.SUITE_SMS_A_DAY = 10
    note_accepted(way="sms", count=9, now=timezone.now())
    now = timezone.now()
    assert left_today(channel=SmsChannel(), now=now) == 0
    assert left_today(channel=SmsChannel(), now=now, for_codes=True) == 1

    assert send_now(channel=SmsChannel(), letter=LETTER).outcome == Outcome.ACCEPTED
    full = send_now(channel=SmsChannel(), letter=LETTER)

    assert (full.outcome, full.line_stands) == (Outcome.NOT_NOW, True)
    assert len(list(tmp_path.iterdir())) == 1
