"""What attendance and certificates tell in a transcript: a few words each, in one query."""

from datetime import timedelta

import pytest

from attendance.transcript import HoursAttended
from tests.factories.attendance import SessionFactory, enrol_many, record_mark


@pytest.mark.parametrize("people", [1, 3])
def test_hours_of_all_sessions_add_up(run, session, trainer, people, django_assert_num_queries):
    enrolments = enrol_many(run, people)
    for held in (session, SessionFactory(run=run, starts_at=session.starts_at + timedelta(days=1))):
        record_mark(session=held, enrolment=enrolments[0], by=trainer, at=held.ends_at)

    with django_assert_num_queries(1):
        assert HoursAttended().values(enrolments) == {enrolments[0].pk: "7 giờ"}


def test_hours_of_a_session_that_is_not_over_are_not_told(run, person, trainer):
    session = SessionFactory(run=run, counted_at=None)
    record_mark(session=session, enrolment=person, by=trainer, at=session.starts_at)

    assert HoursAttended().values([person]) == {}
