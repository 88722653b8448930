"""The line of a place: when its people completed all that they must."""

from datetime import date, datetime, timedelta

import pytest

from courses.enums import EnrolmentStatus
from courses.models import ProgrammeRequirement
from lms.accounts.enums import Cadre
from lms.reporting.domain.tables import completion_table
from lms.reporting.domain.trend import STEP, completed_by, first_day, line_of
from lms.reporting.enums import CountedAt
from tests.factories.courses import CourseRunFactory, EnrolmentFactory, make_course
from tests.factories.geography import unit
from tests.factories.reporting import HANOI, enrolled
from tests.factories.rows import set_fields

TODAY = date(2014, 6, 1)

pytestmark = pytest.mark.sqlite("days of moments in Hanoi")


def completed_on(world, day, hour=12, commune="13384"):
    enrolment = enrolled(world, "350", commune, completed=True)
    set_fields(enrolment, completed_at=datetime(day.year, day.month, day.day, hour, tzinfo=HANOI))
    return enrolment


@pytest.fixture
def days_of(world, edition, monitor):
    def ask(**more):
        table = completion_table(
            programme=world.programme, edition=edition, on=TODAY, reader=monitor, **more
        )
        return table.total.figures.days

    return ask


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
    other = make_course(code="p3")
    ProgrammeRequirement.objects.create(
        programme=world.programme, course=other, cadre=Cadre.COLLABORATOR
    )
    first = completed_on(world, date(2014, 5, 1))
    for day in (10, 20):
        run = CourseRunFactory(course=other, programme=world.programme, unit=unit("350"))
        EnrolmentFactory(
            user=first.user,
            run=run,
            unit=first.unit,
            posting=first.posting,
            status=EnrolmentStatus.COMPLETED,
            completed_at=datetime(2014, 5, day, tzinfo=HANOI),
        )
    assert days_of() == {date(2014, 5, 10): 1}


def test_line_follows_people_to_where_they_work_now(world, days_of):
    enrolment = completed_on(world, date(2014, 5, 25))
    set_fields(enrolment.posting, unit=unit("13591"))
    kim_bang, ly_nhan = unit("350"), unit("353")
    assert days_of(counted_at=CountedAt.NOW, parent=ly_nhan) == {date(2014, 5, 25): 1}
    assert days_of(counted_at=CountedAt.NOW, parent=kim_bang) == {}
    assert days_of(parent=kim_bang) == {date(2014, 5, 25): 1}
