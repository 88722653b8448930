"""What keeps messages from going a way, as an administrator reads it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lms.messaging.channels.short_messages import SmsChannel
from lms.messaging.domain.health import (
    OPENS_AFTER,
    PAUSES,
    left_today,
    note_accepted,
    note_failure,
)
from lms.messaging.domain.states import way_states
from lms.messaging.enums import WayCondition

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def sms(now=NOW):
    return {state.key: state for state in way_states(now=now)}["sms"]


def fail(times):
    for _ in range(times):
        note_failure(way="sms", detail="TimeoutError", now=NOW)


def test_way_that_is_not_set_up_says_nothing_else(settings):
    settings.SUITE_SMS_GATEWAY = ""
    fail(OPENS_AFTER)

    assert sms().condition == WayCondition.NOT_SET_UP


def test_way_is_untried_until_something_came_of_it_and_works_from_then_on():
    assert [state.key for state in way_states(now=NOW)] == ["site", "push", "email", "sms", "zalo"]
    assert (sms().condition, sms().sent_today) == (WayCondition.UNTRIED, 0)

    note_accepted(way="sms", count=2, now=NOW)

    assert (sms().condition, sms().sent_today) == (WayCondition.WORKS, 2)
    assert sms().health.last_accepted_at == NOW
    # Another day, by the clock here.
    assert sms(NOW.replace(hour=23, minute=59)).sent_today == 2
    assert sms(NOW.replace(hour=23, minute=59) + timedelta(minutes=1)).sent_today == 0


def test_failures_are_told_before_the_pause_in_it_and_after_it():
    fail(OPENS_AFTER - 1)
    assert sms().condition == WayCondition.FAILING

    fail(1)

    assert sms().condition == WayCondition.PAUSED
    # Nobody has tried again: that it works is not known.
    assert sms(NOW + PAUSES[0]).condition == WayCondition.FAILING
    note_accepted(way="sms", count=1, now=NOW)
    assert sms().condition == WayCondition.WORKS


def test_limit_of_the_day_is_reached_when_reminders_wait_for_tomorrow_and_over_with_it(settings):
    settings.SUITE_SMS_A_DAY = 10
    note_accepted(way="sms", count=8, now=NOW)
    assert (sms().condition, sms().limit) == (WayCondition.WORKS, 10)

    note_accepted(way="sms", count=1, now=NOW)

    # The last one is kept for a log-in code.
    assert left_today(channel=SmsChannel(), now=NOW) == 0
    assert (sms().condition, sms().limit) == (WayCondition.FULL, 10)
    note_accepted(way="sms", count=2, now=NOW)
    assert (sms().condition, sms().sent_today) == (WayCondition.FULL, 11)
    assert sms(NOW + timedelta(days=1)).condition == WayCondition.WORKS


def test_price_and_limit_are_told_where_they_are_set(settings, django_assert_num_queries):
    settings.SUITE_SMS_PRICE = settings.SUITE_SMS_A_DAY = settings.SUITE_MAIL_A_DAY = 0
    assert (sms().price, sms().limit) == (None, None)
    settings.SUITE_SMS_PRICE = 450

    with django_assert_num_queries(1):
        _site, _push, mail, short, _zalo = way_states(now=NOW)

    assert (mail.price, short.price) == (None, 450)
