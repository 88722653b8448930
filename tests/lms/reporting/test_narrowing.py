"""Which part of the people a report counts; the parts add up to the whole."""

from datetime import date

import pytest

from lms.accounts.models import Posting
from lms.reporting.domain.narrowing import DayRange, Narrowing
from lms.reporting.enums import AgeGroup, CountedAt, Part, TargetUse
from tests.factories.accounts import PostingFactory
from tests.factories.courses import make_run
from tests.factories.geography import unit
from tests.factories.reporting import (
    TODAY,
    also_in,
    ask_course,
    asked_of,
    enrolled,
    lines_of,
    table_of,
)
from tests.factories.rows import set_fields
from tests.shared import shared

PEOPLE = (("female", 1985), ("male", 1984), ("male", 1974), ("female", 1964), ("", None))

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("grouped by a joined column")]


@pytest.fixture
def count(world, monitor):
    def ask(counted_at=CountedAt.ENROLMENT, **narrowed):
        narrowing = Narrowing(on=TODAY, **narrowed)
        return table_of(world, monitor, counted_at=counted_at, narrowing=narrowing)

    return ask


@shared
def people(world):
    """A woman has completed, others are in class or in none."""
    for at, (sex, born) in enumerate(PEOPLE):
        holder = enrolled(world, "350", "13384", completed=not at) if at < 3 else None
        holder = holder or PostingFactory(unit=unit("13591"))
        set_fields(holder.user, sex=sex, year_of_birth=born)


@pytest.mark.parametrize("counted_at", CountedAt)
def test_sexes_and_ages_add_up_to_everybody(count, people, counted_at):
    everybody = count(counted_at).total.figures
    assert [everybody.people_of(sex) for sex in ("female", "male", "")] == [2, 2, 1]
    assert everybody.completed_of("female") == everybody.completed == 1
    by_age = [count(counted_at, age=age).total.figures.people for age in AgeGroup]
    assert by_age == [1, 1, 1, 1, 1]
    assert count(counted_at, sex="female").total.figures.people == 2
    assert count(counted_at, sex="male", age=AgeGroup.FROM_40).total.figures.people == 1


def test_one_class_counts_its_people_by_its_course(count, world, people):
    run = world.runs["350"]
    table = count(run_id=run.pk, course_id=run.course_id)
    assert (table.total.figures.people, table.total.figures.no_class) == (3, 0)
    assert table.target_use == TargetUse.ELSEWHERE


def test_one_course_counts_as_if_it_were_all_that_is_asked(count, world):
    other = ask_course(world)
    done = enrolled(world, "350", "13384", completed=True)
    assert count().total.figures.no_class == 1
    assert count(course_id=world.course.pk).total.figures.completed == 1
    assert count(course_id=other.pk).total.figures.no_class == 1
    also_in(done, make_run(other, unit("350")))
    assert count(course_id=other.pk).total.figures.learning == 1
    assert count(course_id=world.course.pk).total.figures.completed == 1


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        (None, None, True),
        (date(2014, 5, 20), date(2014, 5, 20), True),
        (date(2014, 5, 21), None, False),
        (None, date(2014, 5, 19), False),
    ],
)
def test_period_holds_its_first_and_its_last_day(first, last, holds):
    assert DayRange(first, last).holds(date(2014, 5, 20)) == holds


def test_period_leaves_nobody_out_and_looks_as_far_back_as_it_is_asked(count, people):
    table = count(within=DayRange(date(2010, 1, 1), date(2014, 5, 31)))
    assert table.total.figures.people == 5
    assert table.narrowing.within.first == date(2010, 1, 1)
    assert min(table.total.figures.days) == date(2014, 5, 20)


@pytest.mark.parametrize(
    "within", [DayRange(), DayRange(first=date(2014, 5, 20)), DayRange(last=date(2014, 5, 20))]
)
def test_names_of_a_period_may_have_one_end_or_none(world, monitor, within):
    done = enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13384")
    narrowing = Narrowing(on=TODAY, within=within, part=Part.WITHIN)
    found = lines_of(**asked_of(world, monitor, narrowing=narrowing))
    assert [line.user.pk for line in found] == [done.user_id]


def test_names_of_those_who_left_are_those_without_a_post(world, monitor):
    left, _stays = enrolled(world, "350", "13384"), enrolled(world, "350", "13384")
    Posting.objects.filter(user=left.user).update(valid_to=date(2014, 5, 1))
    narrowing = Narrowing(on=TODAY, part=Part.LEFT)
    asked = asked_of(world, monitor, counted_at=CountedAt.NOW, narrowing=narrowing)
    found = lines_of(**asked)
    assert [line.user.pk for line in found] == [left.user_id]
