"""A class is cancelled in which people of other classes were to make up."""

from datetime import timedelta

import pytest

from attendance.domain.hours.guests import guests_since, roll_for
from attendance.domain.make_ups.booking import agree_make_up
from attendance.domain.make_ups.offers import missed_sessions
from attendance.domain.make_ups.words import soonest_offers
from attendance.enums import AttendanceStatus, HoursLack
from attendance.make_up_cancelled_reminder import MakeUpCancelled
from attendance.reminders import SessionTomorrow
from courses.domain.completion import evaluate
from courses.domain.progress import kept_progress
from courses.domain.runs import cancel_run
from courses.enums import EnrolmentStatus
from lms.notifications.domain.planning import plan_reminders
from lms.notifications.extensions import reminder_kinds
from lms.notifications.models import Reminder
from tests.factories.attendance import (
    enrol_many,
    entry,
    offer_make_up,
    take_roll,
)
from tests.factories.rows import set_fields, status_of
from tests.reminding import messages_of, rows_of
from tests.shared import shared

ABSENT = AttendanceStatus.ABSENT


@shared
def elsewhere(missed):
    offer_make_up(missed, "LN-2", "Nhân Hậu", 5)
    return offer_make_up(missed, "LN-1", "Vĩnh Trụ", 3)


@shared
def guest(run, missed, elsewhere, trainer, other_trainer):
    """Missed the session and is to make up; so was another, who took that back."""
    away, other = enrol_many(run, 2)
    at = missed.ends_at
    entries = [entry(away, ABSENT), entry(other, ABSENT)]
    take_roll(session=missed, entries=entries, by=trainer, at=at)
    elsewhere.run.trainers.add(other_trainer)
    agree_make_up(enrolment=away, missed=missed, session=elsewhere, by=away.user, at=at)
    return away


@pytest.fixture
def cancelled_at(guest, elsewhere):
    at = elsewhere.starts_at - timedelta(days=1)
    cancel_run(run=elsewhere.run, reason="Bão số 3", at=at)
    return at


def lacks(enrolment):
    (row,) = kept_progress(enrolment_ids=[enrolment.pk]).values()
    return [one["why"] for one in row.details]


def test_guest_is_told_once_why_and_where_else(guest, cancelled_at):
    for _time in range(2):
        (reminder,) = rows_of(MakeUpCancelled, cancelled_at)
    assert reminder.user == guest.user
    body = messages_of(MakeUpCancelled, [reminder], cancelled_at)[reminder.pk].body
    assert "Bão số 3" in body
    assert "Nhân Hậu" in body
    assert "Vĩnh Trụ" not in body.split("Bão số 3")[1]


def test_entry_of_the_session_is_taken_out_of_the_calendar_of_whoever_reads_by_mail(
    guest, elsewhere, cancelled_at
):
    set_fields(guest.user, email="mau@example.vn")
    (reminder,) = rows_of(MakeUpCancelled, cancelled_at)
    kind = reminder_kinds.get(MakeUpCancelled.key)

    (by_mail,) = kind.messages(reminders=[reminder], now=cancelled_at).values()
    reminder.way = "sms"
    (by_sms,) = kind.messages(reminders=[reminder], now=cancelled_at).values()

    assert by_sms.calendar is None
    assert (by_mail.calendar.uid, by_mail.calendar.method) == (
        str(elsewhere.calendar_uid),
        "CANCEL",
    )


def test_who_makes_up_elsewhere_meanwhile_or_left_is_told_nothing(
    guest, missed, elsewhere, cancelled_at
):
    reminders = rows_of(MakeUpCancelled, cancelled_at)
    other = missed.module.sessions.get(place="Nhân Hậu")
    agree_make_up(enrolment=guest, missed=missed, session=other, by=guest.user, at=cancelled_at)
    assert messages_of(MakeUpCancelled, reminders, cancelled_at) == {}
    assert guest.user_id in dict(guests_since([other.pk])[other.pk])


def test_session_that_was_held_before_is_no_news(guest, elsewhere):
    at = elsewhere.ends_at
    set_fields(elsewhere, counted_at=at)
    cancel_run(run=elsewhere.run, reason="Bão số 3", at=at + timedelta(hours=1))
    assert rows_of(MakeUpCancelled, at + timedelta(hours=2)) == []


def test_own_class_says_missed_again_and_offers_another_session(guest, missed, elsewhere):
    assert lacks(guest) == [HoursLack.MAKE_UP]
    at = elsewhere.starts_at - timedelta(days=1)
    cancel_run(run=elsewhere.run, reason="Bão số 3", at=at)
    assert lacks(guest) == [HoursLack.MISSED]
    found = missed_sessions(enrolments=[guest], at=at)[guest.pk]
    assert "Nhân Hậu" in soonest_offers(found, now=at)[0]["said"]


def test_completion_stands_when_the_class_of_the_make_up_is_cancelled_later_alone(
    guest, elsewhere, other_trainer
):
    at = elsewhere.ends_at
    take_roll(session=elsewhere, entries=[entry(guest)], by=other_trainer, at=at)
    cancel_run(run=elsewhere.run, reason="Bão số 3", at=at + timedelta(hours=1))
    assert status_of(guest) == EnrolmentStatus.COMPLETED

    set_fields(guest, completed_at=at + timedelta(hours=2))
    evaluate(enrolment_id=guest.pk, at=at + timedelta(hours=3))
    assert status_of(guest) == EnrolmentStatus.ACTIVE


def test_nobody_is_expected_to_make_up_for_a_class_that_was_cancelled_itself(
    run, guest, elsewhere, other_trainer
):
    at = elsewhere.starts_at - timedelta(days=1)
    assert list(roll_for(other_trainer, session=elsewhere)) == [guest]
    cancel_run(run=run, reason="Bão số 3", at=at)
    assert list(roll_for(other_trainer, session=elsewhere)) == []
    plan_reminders(now=at)
    tomorrow = Reminder.objects.filter(rule__kind=SessionTomorrow.key)
    assert not tomorrow.filter(user=guest.user).exists()
