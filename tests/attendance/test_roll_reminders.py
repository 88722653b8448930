"""A roll that nobody took, and an absence without excuse, are told when a rule says so."""

from datetime import timedelta

from attendance.enums import AttendanceStatus
from attendance.models import Excuse
from attendance.roll_reminders import STILL_NEWS, AbsentWithoutExcuse, RollNotTaken
from tests.factories.attendance import enrol_many, entry, take_roll
from tests.reminding import planned, said
from tests.shared import shared

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ROLL, ABSENCE = RollNotTaken(), AbsentWithoutExcuse()


@shared
def people(run, session, trainer):
    return enrol_many(run, 2)


def take(session, people, trainer, status=AttendanceStatus.PRESENT):
    entries = [entry(people[0], status), entry(people[1])]
    take_roll(session=session, entries=entries, by=trainer, at=session.ends_at)


def test_trainer_is_told_of_a_roll_that_nobody_took(session, people, trainer):
    now = session.ends_at + HOUR
    (item,) = planned(ROLL, now)

    assert (item.user_id, item.due_at) == (trainer.pk, session.ends_at + 2 * HOUR)
    assert session.title in said(ROLL, [item], now)[trainer.pk].subject
    assert planned(ROLL, session.starts_at) == []
    assert planned(ROLL, now + STILL_NEWS + 3 * HOUR) == []


def test_roll_is_moot_once_taken_and_for_who_teaches_no_more(session, people, trainer):
    now = session.ends_at + HOUR
    items = planned(ROLL, now)
    session.run.trainers.remove(trainer)
    assert said(ROLL, items, now) == {}
    session.run.trainers.add(trainer)

    take(session, people, trainer)

    assert planned(ROLL, now) == []
    assert said(ROLL, items, now) == {}


def test_absent_is_told_a_day_later_once(session, people, trainer):
    take(session, people, trainer, AttendanceStatus.ABSENT)
    now = session.ends_at + DAY
    (item,) = planned(ABSENCE, now)

    assert (item.user_id, item.due_at) == (people[0].user_id, now)
    (message,) = said(ABSENCE, [item], now).values()
    assert session.title in message.subject
    assert message.values["offers"] == ""


def test_absent_is_told_where_it_can_be_made_up(missed, elsewhere, people, trainer):
    take(missed, people, trainer, AttendanceStatus.ABSENT)
    now = missed.ends_at + DAY

    (message,) = said(ABSENCE, planned(ABSENCE, now), now).values()

    assert elsewhere.place in message.body


def test_absence_is_moot_once_an_excuse_is_asked_for(session, people, trainer):
    take(session, people, trainer, AttendanceStatus.ABSENT)
    now = session.ends_at + DAY
    items = planned(ABSENCE, now)
    Excuse.objects.create(
        enrolment=people[0], session=session, reason="Ốm", asked_at=now, noted_by=trainer
    )

    assert planned(ABSENCE, now) == []
    assert said(ABSENCE, items, now) == {}
