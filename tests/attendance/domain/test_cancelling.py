"""A session that does not take place: marks stay, hours are neither asked nor counted."""

from datetime import datetime, timedelta

import pytest
from wagtail.models import ModelLogEntry

from attendance.domain.hours.counting import count_ended_sessions
from attendance.domain.register.sign_off import sign_session
from attendance.domain.roll.queries import next_sessions, on_day
from attendance.domain.session_state import state_of
from attendance.domain.sessions.cancelling import CANCELLED, cancel_session
from attendance.domain.sessions.pending import rolls_to_finish
from attendance.domain.sessions.scheduling import SessionPlan, change_session
from attendance.enums import SessionState
from attendance.models import AttendanceRecord, Session
from courses.enums import EnrolmentStatus, RunStatus
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    record_mark,
    take_roll,
)
from tests.factories.courses import HANOI, ask
from tests.factories.rows import set_fields, status_of
from tests.refusing import refused

EVENING = datetime(2014, 5, 6, 18, tzinfo=HANOI)
NEXT_DAY = datetime(2014, 5, 7, 8, tzinfo=HANOI)
NEXT_EVENING = NEXT_DAY + timedelta(hours=10)


def cancel(session, by, reason="Bão", at=IN_CLASS):
    return cancel_session(session=session, reason=reason, by=by, at=at)


def test_hours_are_no_longer_asked_and_whoever_has_the_rest_completes(
    run, person, session, trainer
):
    ask(run, attendance_hours={"percent": 100})
    other = SessionFactory(run=run, starts_at=NEXT_DAY)
    record_mark(session=session, enrolment=person, status="present", by=trainer, at=EVENING)

    cancel(other, trainer, at=EVENING)

    assert status_of(person) == EnrolmentStatus.COMPLETED


def test_marks_stay_and_their_hours_no_longer_count(run, person, session, trainer):
    ask(run, attendance_hours={"percent": 100})
    SessionFactory(run=run, starts_at=NEXT_DAY)
    take_roll(session=session, entries=[entry(person)], by=trainer, at=EVENING)

    cancel(session, trainer, at=EVENING)

    record = AttendanceRecord.objects.get(enrolment=person)
    assert (record.status, session.marks.count()) == ("present", 1)
    progress = person.progress.get(requirement__criterion="attendance_hours")
    assert (progress.achieved, progress.required) == (0, 210)


def test_repeat_changes_nothing(session, trainer):
    first = cancel(session, trainer)
    again = cancel(session, trainer, at=EVENING)
    assert (again.cancel_reason, again.cancelled_at) == ("Bão", first.cancelled_at)
    # Who gives another reason would believe that people read it.
    assert refused(lambda: cancel(session, trainer, reason="Khác")) == "already_cancelled"
    assert ModelLogEntry.objects.filter(action=CANCELLED).count() == 1


def test_what_cannot_be_is_refused(run, session, trainer):
    assert refused(lambda: cancel(session, trainer, reason=" ")) == "reason_required"
    set_fields(run, status=RunStatus.CANCELLED)
    assert refused(lambda: cancel(session, trainer)) == "run_cancelled"


def test_nothing_is_noted_changed_or_waited_for_any_more(run, person, session, trainer):
    set_fields(session, counted_at=None)
    cancel(session, trainer)
    plan = SessionPlan(title="Khác", starts_at=session.starts_at, ends_at=session.ends_at)

    def note():
        take_roll(session=session, entries=[entry(person)], by=trainer, at=EVENING)

    def change():
        change_session(session=session, plan=plan, by=trainer, at=EVENING)

    assert refused(note) == refused(change) == "session_cancelled"
    sessions, day = Session.objects.all(), session.starts_at.date()
    later = day + timedelta(days=1)
    assert not rolls_to_finish(sessions, reader=trainer, today=later).exists()
    assert not on_day(sessions, day).exists()
    assert next_sessions(runs=[run], now=IN_CLASS) == {}
    assert count_ended_sessions(at=NEXT_DAY) == 0


def test_another_session_may_take_its_hour(run, session, trainer):
    cancel(session, trainer)
    SessionFactory(run=run, starts_at=session.starts_at)
    assert Session.objects.taking_place().filter(run=run).count() == 1


@pytest.mark.parametrize(
    ("hour", "state"),
    [
        (7, SessionState.TO_COME),
        (8, SessionState.UNDER_WAY),
        (11, SessionState.UNDER_WAY),
        (12, SessionState.OVER),
    ],
)
def test_one_word_says_how_a_session_stands(run, session, trainer, hour, state):
    now = datetime(2014, 5, 6, hour, tzinfo=HANOI)
    assert state_of(session, now=now) == state
    assert state_of(session, now=session.ends_at) == SessionState.OVER
    set_fields(run, status=RunStatus.CANCELLED)
    session.run.refresh_from_db()
    assert state_of(session, now=now) == SessionState.CANCELLED


def test_session_cancelled_later_takes_no_completion_back(run, session, trainer):
    ask(run, attendance_hours={"percent": 70})
    attended, missed = enrol_many(run, 2)
    short = SessionFactory(run=run, starts_at=NEXT_DAY, ends_at=NEXT_DAY + timedelta(minutes=60))
    present = [entry(attended), entry(missed, "absent")]
    take_roll(session=session, entries=present, by=trainer, at=EVENING)
    take_roll(session=short, entries=[entry(attended, "absent")], by=trainer, at=NEXT_EVENING)
    assert status_of(attended) == EnrolmentStatus.COMPLETED

    cancel(session, trainer, at=NEXT_EVENING)

    assert status_of(attended) == EnrolmentStatus.COMPLETED
    assert status_of(missed) == EnrolmentStatus.ACTIVE


def test_signed_session_is_not_cancelled(person, session, trainer):
    take_roll(session=session, entries=[entry(person)], by=trainer, at=EVENING)
    sign_session(session=session, by=trainer, at=EVENING)

    assert refused(lambda: cancel(session, trainer, at=EVENING)) == "session_signed"
    session.refresh_from_db()
    assert session.cancelled_at is None
