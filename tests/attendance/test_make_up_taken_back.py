"""Whoever was to make up in a session and no longer is, is told, and taken out of the calendar."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from attendance.domain.make_ups.booking import agree_make_up, take_back_make_up
from attendance.enums import AttendanceStatus
from attendance.make_up_taken_back_reminder import KEPT, MakeUpTakenBack
from attendance.models import MakeUp
from attendance.reminders import SessionTomorrow
from courses.domain.runs import cancel_run
from lms.notifications.enums import ReminderState
from lms.notifications.models import Reminder
from tests.factories.attendance import (
    enrol_many,
    entry,
    take_roll,
)
from tests.factories.notifications import ReminderFactory
from tests.factories.rows import set_fields
from tests.reminding import messages_of, rows_of
from tests.shared import shared

HOUR = timedelta(hours=1)


@shared
def guest(run, missed, elsewhere, trainer):
    (away,) = enrol_many(run, 1)
    set_fields(away.user, email="mau@example.vn")
    entries = [entry(away, AttendanceStatus.ABSENT)]
    take_roll(session=missed, entries=entries, by=trainer, at=missed.ends_at)
    _agree(away, missed, elsewhere)
    return away


def _agree(person, missed, session):
    at = missed.ends_at
    agree_make_up(enrolment=person, missed=missed, session=session, by=person.user, at=at)


def take_back(by, at):
    make_up = MakeUp.objects.agreed().get()
    take_back_make_up(make_up=make_up, reason="Lớp kia hết chỗ", by=by, at=at)
    return at


def test_told_once_with_the_reason_and_out_of_the_calendar(guest, elsewhere, trainer):
    now = take_back(trainer, elsewhere.starts_at - 30 * HOUR)

    for _time in range(2):
        (row,) = rows_of(MakeUpTakenBack, now)
    (message,) = messages_of(MakeUpTakenBack, [row], now).values()

    assert row.user == guest.user
    assert (row.due_at, row.expires_at) == (now, elsewhere.ends_at)
    assert "Lớp kia hết chỗ" in message.body
    event = Calendar.from_ical(message.calendar.text).walk("VEVENT")[0]
    assert (message.calendar.uid, message.calendar.method, event["STATUS"]) == (
        str(elsewhere.calendar_uid),
        "CANCEL",
        "CANCELLED",
    )
    # The next request, should it be agreed again, must not look older than this.
    assert event["SEQUENCE"] == elsewhere.revision


@pytest.mark.parametrize("has_entry", [True, False])
def test_whoever_took_it_back_alone_hears_of_it_only_to_lose_the_entry(guest, elsewhere, has_entry):
    ReminderFactory(
        user=guest.user,
        rule__kind=SessionTomorrow.key,
        state=ReminderState.SENT,
        way="email" if has_entry else "sms",
        payload={"session": elsewhere.pk},
    )
    now = take_back(guest.user, elsewhere.starts_at - 2 * HOUR)

    assert [one.user for one in rows_of(MakeUpTakenBack, now)] == [guest.user] * has_entry


def test_moot_once_agreed_again_cancelled_with_its_class_or_over(guest, missed, elsewhere, trainer):
    now = take_back(trainer, elsewhere.starts_at - 30 * HOUR)
    rows = rows_of(MakeUpTakenBack, now)
    assert len(messages_of(MakeUpTakenBack, rows, elsewhere.ends_at - HOUR)) == 1
    assert messages_of(MakeUpTakenBack, rows, elsewhere.ends_at) == {}
    Reminder.objects.all().delete()
    assert rows_of(MakeUpTakenBack, now + KEPT) == []
    assert len(rows_of(MakeUpTakenBack, now)) == 1

    _agree(guest, missed, elsewhere)
    assert messages_of(MakeUpTakenBack, rows, now) == {}
    take_back(trainer, now)
    cancel_run(run=elsewhere.run, reason="Bão số 3", at=now)
    assert messages_of(MakeUpTakenBack, rows, now) == {}


def test_session_cancelled_before_the_guest_was_told_tells_the_guest_as_well(
    guest, elsewhere, trainer
):
    now = take_back(trainer, elsewhere.starts_at - 30 * HOUR)
    rows = rows_of(MakeUpTakenBack, now)
    set_fields(elsewhere, cancelled_at=now + HOUR, cancel_reason="Bão số 3")
    assert len(messages_of(MakeUpTakenBack, rows, now + HOUR)) == 1

    # Who was a guest then heard of it as all the others.
    set_fields(elsewhere, cancelled_at=now - HOUR)
    assert messages_of(MakeUpTakenBack, rows, now + HOUR) == {}
