"""Many sessions at once: the days are pure, and all are written or none."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from attendance.domain.sessions.series import (
    SeriesPlan,
    create_series,
    days_of,
    find_problems,
    plan_series,
)
from attendance.models import Session
from tests.factories.attendance import IN_CLASS, SessionFactory, make_class
from tests.factories.courses import HANOI, make_course
from tests.factories.rows import set_fields
from tests.refusing import raises_refusal, refused
from tests.shared import shared

# 6 May 2014 is a Tuesday.
TUESDAYS = SeriesPlan(
    first_day=date(2014, 5, 6),
    last_day=date(2014, 5, 27),
    weekdays=frozenset({1}),
    starts=time(8),
    ends=time(11),
)


@shared
def long_run(run):
    set_fields(run, ends_on=date(2014, 5, 31))
    return run


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({}, [6, 13, 20, 27]),
        ({"skipped": frozenset({date(2014, 5, 13)})}, [6, 20, 27]),
        ({"weekdays": frozenset({1, 3}), "last_day": date(2014, 5, 9)}, [6, 8]),
        ({"last_day": date(2014, 5, 5)}, []),
    ],
)
def test_days_are_those_of_the_week_between_two_dates(fields, days):
    assert [day.day for day in days_of(replace(TUESDAYS, **fields))] == days


def test_days_end_at_the_most_that_one_series_may_have():
    whole = replace(TUESDAYS, weekdays=frozenset(range(7)), last_day=date(2016, 5, 6))
    assert len(days_of(whole)) == 100


def test_numbers_go_on_after_those_of_the_class(long_run, session):
    series = replace(TUESDAYS, count=2, first_day=date(2014, 5, 13))
    plans = plan_series(run=long_run, series=series)
    assert [(one.title, one.starts_at.day) for one in plans] == [("Buổi 2", 13), ("Buổi 3", 20)]

    more = replace(series, count=4)
    assert refused(lambda: plan_series(run=long_run, series=more)) == "fewer_days_than_sessions"


def test_each_module_gets_the_next_day(edition):
    run = make_class(course=make_course("nhieu", modules=3), ends_on=date(2014, 5, 31))
    plans = plan_series(run=run, series=replace(TUESDAYS, by_module=True))
    assert [one.starts_at.day for one in plans] == [6, 13, 20]
    assert len({one.module_id for one in plans} - {None}) == 3

    few = replace(TUESDAYS, by_module=True, last_day=date(2014, 5, 13))
    assert refused(lambda: plan_series(run=run, series=few)) == "fewer_days_than_modules"


def test_course_without_modules_and_weeks_without_such_a_day_make_none(edition):
    run = make_class(course=make_course("rong", modules=0))
    for changes, code in (
        ({"by_module": True}, "no_modules"),
        ({"last_day": date(2014, 5, 5)}, "no_day_in_series"),
    ):
        assert refused(plan_series, run=run, series=replace(TUESDAYS, **changes)) == code


def test_series_is_written_whole(long_run, trainer):
    plans = plan_series(run=long_run, series=TUESDAYS)
    create_series(run=long_run, plans=plans, by=trainer, at=IN_CLASS)
    assert Session.objects.filter(run=long_run).count() == 4


def test_one_day_that_cannot_be_keeps_all_out_and_is_named(long_run, trainer):
    nine = datetime(2014, 5, 13, 9, tzinfo=HANOI)
    SessionFactory(run=long_run, title="Thảo luận", starts_at=nine)
    plans = plan_series(run=long_run, series=replace(TUESDAYS, last_day=date(2014, 6, 3)))

    problems = find_problems(run=long_run, plans=plans)
    codes = [problem and problem.code for problem in problems]
    assert codes == [None, "overlap", None, None, "outside_class_dates"]
    with raises_refusal("series_refused") as caught:
        create_series(run=long_run, plans=plans, by=trainer, at=IN_CLASS)
    named = [one.title in caught.value.message for one in plans]
    assert named == [False, True, False, False, True]
    assert Session.objects.filter(run=long_run).count() == 1
