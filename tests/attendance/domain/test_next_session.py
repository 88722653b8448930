from datetime import datetime, timedelta

from attendance.domain.sessions.next_session import propose_session
from tests.factories.attendance import SessionFactory
from tests.factories.courses import HANOI


def hours(run):
    plan = propose_session(run=run)
    return plan.title, plan.starts_at, plan.ends_at


def moment(day, hour, minute=0):
    return datetime(2014, 5, day, hour, minute, tzinfo=HANOI)


def test_first_session_is_the_first_morning(run):
    assert hours(run) == ("Buổi 1", moment(6, 8), moment(6, 11, 30))


def test_next_session_is_the_afternoon(run, session):
    assert hours(run) == ("Buổi 2", moment(6, 13, 30), moment(6, 17))


def test_after_a_long_day_comes_the_next_morning(run):
    SessionFactory(run=run, starts_at=moment(6, 8), ends_at=moment(6, 16))
    assert hours(run) == ("Buổi 2", moment(7, 8), moment(7, 11, 30))


def test_full_class_is_proposed_its_first_morning(run):
    SessionFactory(run=run, starts_at=moment(7, 14), ends_at=moment(7, 14) + timedelta(hours=4))
    assert hours(run) == ("Buổi 2", moment(6, 8), moment(6, 11, 30))
