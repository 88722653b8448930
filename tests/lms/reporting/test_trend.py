"""The line of a place: when its people completed all that they must."""

from datetime import date, datetime, timedelta

import pytest

from lms.reporting.domain.trend import STEP, completed_by, first_day, line_of
from lms.reporting.enums import CountedAt
from tests.factories.courses import make_run
from tests.factories.geography import unit
from tests.factories.reporting import DONE, HANOI, TODAY, also_in, ask_course, enrolled, table_of
from tests.factories.rows import set_fields

pytestmark = pytest.mark.sqlite("days of moments in Hanoi")


def completed_on(world, day, hour=12, commune="13384"):
    enrolment = enrolled(world, "350", commune, completed=True)
    set_fields(enrolment, completed_at=datetime(day.year, day.month, day.day, hour, tzinfo=HANOI))
    return enrolment


@pytest.fixture
def days_of(world, monitor):
    return lambda **more: table_of(world, monitor, **more).total.figures.days


@pytest.mark.parametrize("hour", [0, 23])
def test_day_of_a_completion_is_that_of_hanoi(world, days_of, hour):
    completed_on(world, date(2014, 5, 25), hour)
    assert days_of() == {date(2014, 5, 25): 1}


def test_days_add_up_to_those_who_completed_and_the_past_is_one_sum(world, days_of):
    first = first_day(on=TODAY)
    for day in (TODAY, first, first - timedelta(days=1), first - timedelta(days=900)):
        completed_on(world, day)
    days = days_of()
    assert days == {TODAY: 1, first: 1, first - timedelta(days=1): 2}
    assert completed_by(days, TODAY) == 4
    assert line_of(days, on=TODAY) == [3] * 12 + [4]


def test_step_holds_the_end_of_its_day(world, days_of):
    completed_on(world, TODAY - STEP)
    completed_on(world, TODAY - STEP + timedelta(days=1))
    assert line_of(days_of(), on=TODAY)[-2:] == [1, 2]


def test_of_two_courses_the_last_one_decides_each_where_it_was_first_completed(world, days_of):
    other = ask_course(world)
    first = completed_on(world, date(2014, 5, 1))
    for day in (10, 20):
        done = DONE | {"completed_at": datetime(2014, 5, day, tzinfo=HANOI)}
        also_in(first, make_run(other, unit("350")), **done)

    assert days_of() == {date(2014, 5, 10): 1}


def test_line_follows_people_to_where_they_work_now(world, days_of):
    enrolment = completed_on(world, date(2014, 5, 25))
    set_fields(enrolment.posting, unit=unit("13591"))
    kim_bang, ly_nhan = unit("350"), unit("353")
    assert days_of(counted_at=CountedAt.NOW, parent=ly_nhan) == {date(2014, 5, 25): 1}
    assert days_of(counted_at=CountedAt.NOW, parent=kim_bang) == {}
    assert days_of(parent=kim_bang) == {date(2014, 5, 25): 1}
