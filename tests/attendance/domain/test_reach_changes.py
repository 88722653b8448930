"""Whatever puts hours out of reach is seen on the day, in the class of the person concerned."""

from datetime import timedelta

import pytest

from attendance.domain.hours.reach_changes import runs_changed_between
from attendance.models import AttendanceMark, MakeUp
from courses.enums import RunStatus
from tests.factories.attendance import SessionFactory, enrol_many, make_class, record_mark
from tests.factories.courses import ask
from tests.factories.rows import set_fields
from tests.shared import shared

DAY = timedelta(days=1)


@shared
def long_ago(session):
    return session.starts_at - timedelta(days=30)


@shared
def person(run, session, trainer, long_ago):
    """Noted long ago, as everything else of the class happened."""
    ask(run, attendance_hours={"percent": 100}, lessons={"percent": 100})
    run.requirements.update(created_at=long_ago)
    (person,) = enrol_many(run, 1)
    set_fields(person, enrolled_at=long_ago)
    record_mark(session=session, enrolment=person, by=trainer, at=session.ends_at)
    AttendanceMark.objects.update(marked_at=long_ago)
    set_fields(session, counted_at=long_ago)
    return person


@shared
def make_up(person, session, other_trainer, long_ago):
    """In a class that is over, so that nothing of it is told for its own sake."""
    host = make_class("353", course=person.run.course, code="LN-1", status=RunStatus.CLOSED)
    elsewhere = SessionFactory(run=host, counted_at=None)
    return MakeUp.objects.create(
        enrolment=person,
        missed_session=session,
        session=elsewhere,
        agreed_by=person.user,
        agreed_at=long_ago,
    )


def take_back(make_up, at):
    fields = {"taken_back_at": at, "taken_back_by": make_up.agreed_by, "reason": "Ốm"}
    set_fields(make_up, **fields)


CHANGES = {
    "counted": lambda m, at: set_fields(m.missed_session, counted_at=at),
    "noted": lambda m, at: m.enrolment.attendance_marks.update(marked_at=at),
    "cancelled": lambda m, at: set_fields(m.missed_session, cancelled_at=at, cancel_reason="Bão"),
    "rule": lambda m, at: m.enrolment.run.requirements.update(created_at=at),
    "newcomer": lambda m, at: set_fields(m.enrolment, enrolled_at=at),
    "make-up counted": lambda m, at: set_fields(m.session, counted_at=at),
    "make-up cancelled": lambda m, at: set_fields(m.session, cancelled_at=at, cancel_reason="Bão"),
    "make-up's class cancelled": lambda m, at: set_fields(
        m.session.run, status=RunStatus.CANCELLED, cancelled_at=at, cancel_reason="Bão"
    ),
    "make-up taken back": take_back,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_change_is_seen_in_the_class_of_the_person(run, make_up, session, change):
    now = session.ends_at + 5 * DAY
    assert runs_changed_between(now - DAY, now) == {}
    change(make_up, now - DAY / 2)
    assert runs_changed_between(now - DAY, now) == {run.pk: now - DAY / 2}
    # What is to come, and a class that is over, are nobody's news.
    assert runs_changed_between(now - 2 * DAY, now - DAY) == {}
    set_fields(run, status=RunStatus.CLOSED)
    assert runs_changed_between(now - DAY, now) == {}
