"""A session that is moved or cancelled is told once, to everybody whom it concerns."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from attendance.domain.sessions.cancelling import cancel_session
from attendance.domain.sessions.scheduling import SessionPlan, change_session
from attendance.reminders import SessionChanged
from courses.enums import RunStatus
from lms.notifications.domain.sending import send_due
from lms.notifications.extensions import reminder_kinds
from tests.factories.attendance import SessionFactory, enrol_many
from tests.factories.courses import HANOI
from tests.factories.rows import set_fields
from tests.reminding import messages_of, rows_of
from tests.shared import shared

BEFORE = datetime(2014, 5, 5, 9, tzinfo=HANOI)
SOON = timedelta(minutes=5)
LATER = timedelta(minutes=30)


@shared
def person(run):
    (person,) = enrol_many(run, 1)
    set_fields(person.user, email="mau@example.vn")
    return person


def move(session, by, hour, at=BEFORE, **fields):
    begin = timezone.localtime(session.starts_at).replace(hour=hour)
    plan = SessionPlan(
        title=session.title,
        starts_at=begin,
        ends_at=begin + timedelta(hours=2),
        place=fields.pop("place", session.place),
        **fields,
    )
    return change_session(session=session, plan=plan, by=by, at=at)


def messages(reminders, now):
    found = messages_of(SessionChanged, reminders, now)
    return [found[reminder.pk].body for reminder in reminders if reminder.pk in found]


def test_trainees_and_the_other_trainers_are_told_what_was_and_what_is(
    run, session, person, trainer, other_trainer
):
    run.trainers.add(other_trainer)
    move(session, trainer, 14)

    reminders = rows_of(SessionChanged, BEFORE)
    assert {one.user for one in reminders} == {person.user, other_trainer}
    body = messages(reminders, BEFORE + LATER)[0]
    assert "08:00" in body
    assert "14:00" in body


def test_two_changes_soon_after_each_other_are_one(run, session, person, trainer):
    move(session, trainer, 14)
    rows_of(SessionChanged, BEFORE)
    session.refresh_from_db()
    move(session, trainer, 16, at=BEFORE + SOON)

    (reminder,) = rows_of(SessionChanged, BEFORE + SOON)
    (body,) = messages([reminder], BEFORE + LATER)
    assert "08:00" in body
    assert "16:00" in body
    assert "14:00" not in body


def test_change_after_one_was_told_starts_from_there(run, session, person, trainer, mailoutbox):
    move(session, trainer, 14)
    rows_of(SessionChanged, BEFORE)
    send_due(now=BEFORE + LATER)
    session.refresh_from_db()
    cancel_session(session=session, reason="Bão", by=trainer, at=BEFORE + LATER)
    rows_of(SessionChanged, BEFORE + LATER)
    send_due(now=BEFORE + 2 * LATER)

    first, second = (mail.body for mail in mailoutbox)
    assert "14:00" in first
    assert "14:00" in second
    assert "08:00" not in second
    assert "Bão" in second


def test_session_moved_back_before_anybody_was_told_is_told_to_nobody(
    run, session, person, trainer
):
    set_fields(session, ends_at=session.starts_at + timedelta(hours=2))
    move(session, trainer, 14)
    session.refresh_from_db()
    move(session, trainer, 8, at=BEFORE + SOON)

    assert messages(rows_of(SessionChanged, BEFORE + SOON), BEFORE + LATER) == []


def test_class_that_is_not_open_tells_nobody(run, session, person, trainer):
    move(session, trainer, 14)
    for status in set(RunStatus) - {RunStatus.OPEN}:
        set_fields(run, status=status)
        assert rows_of(SessionChanged, BEFORE) == [], status


def test_title_or_room_alone_past_hours_and_newcomers_are_no_news(run, session, person, trainer):
    other = SessionFactory(run=run, starts_at=session.starts_at + timedelta(days=1))
    late = set_fields(enrol_many(run, 1)[0], enrolled_at=BEFORE + SOON)
    move(session, trainer, 9, at=session.ends_at)
    change_session(
        session=other,
        plan=SessionPlan(
            title="Tên khác", starts_at=other.starts_at, ends_at=other.ends_at, place=other.place
        ),
        by=trainer,
        at=BEFORE,
    )
    assert rows_of(SessionChanged, session.ends_at) == []
    other.refresh_from_db()
    move(other, trainer, 14)
    assert [one.user for one in rows_of(SessionChanged, BEFORE)] == [person.user]
    assert late is None or late.user != person.user


@pytest.mark.parametrize("count", [1, 3])
def test_plan_costs_the_same_queries_for_any_number(
    run, trainer, person, count, django_assert_num_queries
):
    for number in range(count):
        session = SessionFactory(run=run, starts_at=BEFORE + timedelta(days=1, hours=number * 4))
        cancel_session(session=session, reason="Bão", by=trainer, at=BEFORE)
    enrol_many(run, count)
    kind = reminder_kinds.get(SessionChanged.key)
    # Changes, sessions, their trainers (2), trainees, guests.
    with django_assert_num_queries(6):
        list(kind.plan(rule=None, now=BEFORE))
