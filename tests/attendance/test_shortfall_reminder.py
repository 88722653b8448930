"""Who can no longer reach the hours is told once, with where it can be made up."""

from datetime import timedelta

import pytest

from attendance.domain.make_ups.booking import agree_make_up
from attendance.domain.sessions.scheduling import remove_session
from attendance.enums import AttendanceStatus
from attendance.reminders import SessionChanged, SessionTomorrow
from attendance.shortfall_reminder import KEPT, SETTLES, HoursOutOfReach
from lms.notifications.extensions import reminder_kinds
from lms.notifications.models import ReminderRule
from tests.attendance.test_change_reminders import move
from tests.factories.attendance import SessionFactory, enrol_many, entry, make_class, take_roll
from tests.factories.courses import ask
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reminding import messages_of, rows_of
from tests.shared import shared

PRESENT, LATE, EXCUSED, ABSENT = AttendanceStatus


@shared
def people(missed, run, trainer):
    """Two were away and one was there; the roll was taken when the session ended."""
    away, gone, there = enrol_many(run, 3)
    entries = [entry(away, ABSENT), entry(gone, ABSENT), entry(there)]
    take_roll(session=missed, entries=entries, by=trainer, at=missed.ends_at)
    return away, gone, there


def test_person_trainer_and_coordinator_are_told_once(
    people, missed, elsewhere, trainer, coordinator, other_trainer
):
    away, gone, _there = people
    now = missed.ends_at + SETTLES
    for _time in range(2):
        reminders = rows_of(HoursOutOfReach, now)
    told = sorted((one.user_id, one.payload["enrolment"]) for one in reminders)
    assert told == sorted(
        [(away.user_id, away.pk), (gone.user_id, gone.pk)]
        + [(staff.pk, one.pk) for staff in (trainer, coordinator) for one in (away, gone)]
    )
    # Nor whoever looks after the district of the session that is offered.
    assert other_trainer.pk not in {one.user_id for one in reminders}
    assert {one.due_at for one in reminders} == {now}

    found = messages_of(HoursOutOfReach, reminders, now)
    # Staff read of both in one message.
    assert len(found) == 4
    for reminder in reminders:
        if message := found.get(reminder.pk):
            assert "Vĩnh Trụ" in message.body
            named = gone.user.full_name in message.body and away.user.full_name in message.body
            assert named == (reminder.user in (trainer, coordinator))
            # Both can make up in the same session: staff read of it once, below the two.
            assert message.body.count("Vĩnh Trụ") == 1
            assert ("\n+ " in message.body) == named
    assert rows_of(HoursOutOfReach, now + KEPT) == reminders


def test_coordinator_of_the_district_is_told_of_a_class_that_a_commune_holds(
    people, missed, run, trainer, coordinator
):
    set_fields(run, unit=unit("13387"))

    told = {one.user for one in rows_of(HoursOutOfReach, missed.ends_at + SETTLES)}

    assert told == {people[0].user, people[1].user, trainer, coordinator}


def test_slip_that_was_corrected_is_not_told(people, missed, trainer):
    away, gone, _there = people
    assert rows_of(HoursOutOfReach, missed.ends_at)
    right = [entry(one, PRESENT, reason="Nhầm") for one in (away, gone)]
    take_roll(session=missed, entries=right, by=trainer, at=missed.ends_at)
    assert rows_of(HoursOutOfReach, missed.ends_at) == []


def test_make_up_that_was_agreed_meanwhile_is_not_complained_of(people, missed, elsewhere):
    away, gone, _there = people
    reminders = rows_of(HoursOutOfReach, missed.ends_at)
    agree_make_up(enrolment=away, missed=missed, session=elsewhere, by=away.user, at=missed.ends_at)
    found = messages_of(HoursOutOfReach, reminders, missed.ends_at)
    assert {one.payload["enrolment"] for one in reminders if one.pk in found} == {gone.pk}


def test_class_of_long_ago_and_one_that_is_closed_are_left_alone(run, people, missed):
    assert rows_of(HoursOutOfReach, missed.ends_at + KEPT + SETTLES) == []
    set_fields(run, status="closed")
    assert rows_of(HoursOutOfReach, missed.ends_at) == []


def test_make_up_that_was_missed_is_told_to_the_people_of_the_own_class(
    run, missed, elsewhere, other_trainer, trainer
):
    (away,) = enrol_many(run, 1)
    at, now = missed.ends_at, elsewhere.ends_at
    take_roll(session=missed, entries=[entry(away, EXCUSED)], by=trainer, at=at)
    agree_make_up(enrolment=away, missed=missed, session=elsewhere, by=away.user, at=at)
    assert rows_of(HoursOutOfReach, now) == []
    take_roll(session=elsewhere, entries=[entry(away, ABSENT)], by=other_trainer, at=now)
    assert {one.user for one in rows_of(HoursOutOfReach, now)} >= {away.user, trainer}


def test_session_taken_out_leaves_fewer_hours_to_reach_and_is_told(run, missed, trainer):
    second, third = (
        SessionFactory(run=run, starts_at=missed.starts_at + timedelta(days=day), counted_at=None)
        for day in (1, 2)
    )
    run.requirements.update(params={"percent": 66})
    (away,) = enrol_many(run, 1)
    now = missed.ends_at
    take_roll(session=missed, entries=[entry(away, ABSENT)], by=trainer, at=now)
    assert rows_of(HoursOutOfReach, now) == []

    later = now + KEPT + SETTLES
    remove_session(session=third, by=trainer, at=later)
    assert {one.user for one in rows_of(HoursOutOfReach, later)} >= {away.user, trainer}
    assert second in run.sessions.all()


def test_guest_whose_make_up_session_was_shortened_is_told(
    run, missed, elsewhere, other_trainer, trainer
):
    (away,) = enrol_many(run, 1)
    at, later = missed.ends_at, missed.ends_at + KEPT + SETTLES
    take_roll(session=missed, entries=[entry(away, EXCUSED)], by=trainer, at=at)
    agree_make_up(enrolment=away, missed=missed, session=elsewhere, by=away.user, at=at)
    assert rows_of(HoursOutOfReach, later) == []

    # Two hours instead of three and a half.
    move(elsewhere, other_trainer, 8, at=later)
    assert {one.user for one in rows_of(HoursOutOfReach, later)} >= {away.user, trainer}


@pytest.mark.parametrize("count", [1, 4])
def test_planning_spends_the_same_queries(
    people, missed, trainer, coordinator, count, django_assert_num_queries
):
    for number in range(count):
        run = make_class("350", course=missed.run.course, code=f"KB-{number}")
        run.trainers.add(trainer)
        ask(run, attendance_hours={"percent": 100, "make_up_days": 30})
        session = SessionFactory(run=run, module=missed.module)
        (away,) = enrol_many(run, 1)
        entries = [entry(away, ABSENT)]
        take_roll(session=session, entries=entries, by=trainer, at=session.ends_at)
    rule = ReminderRule(kind=HoursOutOfReach.key)
    kind = reminder_kinds.get(HoursOutOfReach.key)
    with django_assert_num_queries(7):
        told = list(kind.plan(rule=rule, now=missed.ends_at))
    assert len(told) == 3 * (count + 2)


def test_guest_is_reminded_of_the_session_and_told_when_it_is_moved(
    people, missed, elsewhere, other_trainer
):
    away, _gone, _there = people
    agree_make_up(enrolment=away, missed=missed, session=elsewhere, by=away.user, at=missed.ends_at)
    day_before = elsewhere.starts_at - timedelta(days=1)
    (reminder,) = rows_of(SessionTomorrow, day_before)
    assert reminder.user == away.user
    assert reminder.pk in messages_of(SessionTomorrow, [reminder], day_before)

    move(elsewhere, other_trainer, 14, at=day_before)
    told = [one for one in rows_of(SessionChanged, day_before) if one.user == away.user]
    assert len(told) == 1
