"""Somebody missed a session that another class still holds."""

from datetime import timedelta

import pytest

from attendance.domain.make_ups.booking import agree_make_up
from attendance.enums import AttendanceStatus
from attendance.make_up_offered_reminder import MakeUpOffered
from courses.domain.runs import cancel_run
from courses.enums import EnrolmentStatus, RunStatus
from tests.factories.attendance import (
    enrol_many,
    entry,
    offer_make_up,
    take_roll,
)
from tests.factories.rows import set_fields
from tests.reminding import planned, said
from tests.shared import shared

KIND = MakeUpOffered()
DAY = timedelta(days=1)


@shared
def absent(run, missed, elsewhere, trainer):
    """One of two people was not there."""
    away, there = enrol_many(run, 2)
    entries = [entry(away, AttendanceStatus.ABSENT), entry(there, AttendanceStatus.PRESENT)]
    take_roll(session=missed, entries=entries, by=trainer, at=missed.ends_at)
    return away


@pytest.fixture
def now(missed):
    return missed.ends_at + DAY


def test_who_missed_it_is_told_once_where_it_can_be_made_up(absent, missed, elsewhere, now):
    (item,) = planned(KIND, now)

    assert item.user_id == absent.user_id
    assert (item.due_at, item.expires_at) == (missed.ends_at + DAY, elsewhere.starts_at)
    message = said(KIND, [item], now)[absent.user_id]
    assert "Vĩnh Trụ" in message.body
    assert missed.title in message.subject
    # Once it has begun, it is no offer.
    assert planned(KIND, elsewhere.starts_at) == []


def test_session_that_is_added_or_moved_is_told_anew_and_all_in_one(absent, missed, elsewhere, now):
    first = {one.unique_key for one in planned(KIND, now)}
    offer_make_up(missed, "LN-2", "Nhân Hậu", 5)
    both = {one.unique_key for one in planned(KIND, now)}
    assert len(both - first) == 1
    assert first < both

    set_fields(elsewhere, starts_at=elsewhere.starts_at + DAY, ends_at=elsewhere.ends_at + DAY)
    items = planned(KIND, now)
    assert len({one.unique_key for one in items} - both) == 1

    (message,) = said(KIND, items, now).values()
    assert all(place in message.body for place in ("Vĩnh Trụ", "Nhân Hậu"))


def agreed(absent, missed, elsewhere):
    at = missed.ends_at
    agree_make_up(enrolment=absent, missed=missed, session=elsewhere, by=absent.user, at=at)


def left(absent, missed, elsewhere):
    set_fields(absent, status=EnrolmentStatus.WITHDRAWN)


def class_cancelled(absent, missed, elsewhere):
    cancel_run(run=elsewhere.run, reason="Bão", at=missed.ends_at)


def own_class_cancelled(absent, missed, elsewhere):
    set_fields(missed.run, status=RunStatus.CANCELLED)


def too_far_off(absent, missed, elsewhere):
    set_fields(elsewhere, starts_at=missed.ends_at + 31 * DAY, ends_at=missed.ends_at + 32 * DAY)


def not_asked(absent, missed, elsewhere):
    set_fields(missed, is_required=False)


@pytest.mark.parametrize(
    "happens", [agreed, left, class_cancelled, own_class_cancelled, too_far_off, not_asked]
)
def test_moot_once_nothing_is_missed_or_offered(absent, missed, elsewhere, now, happens):
    items = planned(KIND, now)

    happens(absent, missed, elsewhere)

    assert said(KIND, items, now) == {}
    assert planned(KIND, now) == []


@pytest.mark.parametrize("people", [1, 4])
def test_cost_does_not_grow_with_people(
    run, missed, elsewhere, trainer, now, people, django_assert_num_queries
):
    entries = [entry(one, AttendanceStatus.ABSENT) for one in enrol_many(run, people)]
    take_roll(session=missed, entries=entries, by=trainer, at=missed.ends_at)

    with django_assert_num_queries(9):
        items = planned(KIND, now)

    assert len(items) == people
