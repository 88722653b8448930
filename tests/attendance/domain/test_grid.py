"""The register as a grid: cells, totals, orders, whom it shows, and what it costs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from attendance.criteria import AttendanceHours
from attendance.domain.grid import GridCell, grid_of
from courses.models import CompletionRequirement, CourseRun
from lms.accounts.enums import Role
from tests.factories.accounts import make_official
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    record_mark,
    take_roll,
)
from tests.factories.courses import ask, note_progress
from tests.factories.rows import set_fields

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (GridCell("present", 210), "x · 210"),
        (GridCell("late", 195, 15), "m 15 · 195"),
        (GridCell("late", 175, 15, 20), "m 15 s 20 · 175"),
        (GridCell("present", 190, 0, 20), "x s 20 · 190"),
        (GridCell("excused", 0), "p · 0"),
        (GridCell("late", None, 15), "m 15"),
        (GridCell("absent", 0), "v · 0"),
    ],
)
def test_cell_says_what_was_noted_and_the_minutes_that_follow(cell, text):
    assert str(cell) == text


def plan(run: CourseRun, count: int) -> list:
    first = SessionFactory(run=run)
    return [
        first,
        *(
            SessionFactory(run=run, starts_at=first.starts_at + timedelta(days=day))
            for day in range(1, count)
        ),
    ]


def test_grid_has_a_cell_for_each_mark_and_minutes_without_a_criterion(run, person, trainer):
    first, second = plan(run, 2)
    record_mark(
        session=first, enrolment=person, by=trainer, at=IN_CLASS, status="late", minutes_late=15
    )

    (row,) = grid_of(run=run, reader=trainer).rows

    assert row.cells == [GridCell("late", 195, 15), None]
    assert (row.attended, row.required) == (195, None)
    assert second.title in grid_of(run=run, reader=trainer).columns[5].label


def test_grid_totals_are_those_by_which_completion_is_judged(run, person, trainer):
    session = SessionFactory(run=run)
    CompletionRequirement.objects.create(
        run=run, version=1, criterion=AttendanceHours.key, params={"percent": 50}
    )
    note_progress(run, person)
    record_mark(session=session, enrolment=person, by=trainer, at=session.ends_at)

    (row,) = grid_of(run=run, reader=trainer).rows

    assert (row.attended, row.required) == (210, 105)


def test_grid_tells_who_can_no_longer_reach_the_hours(run, trainer):
    first, second = plan(run, 2)
    set_fields(second, counted_at=None)
    ask(run, attendance_hours={"percent": 80})
    there, away = enrol_many(run, 2)
    marked = {"session": first, "by": trainer, "at": IN_CLASS}
    record_mark(enrolment=there, **marked)
    grid = grid_of(run=run, reader=trainer)
    assert "missing" not in [column.sort for column in grid.columns]

    record_mark(enrolment=away, status="absent", **marked)
    grid = grid_of(run=run, reader=trainer, order="missing")
    # Four fifths of twice 210 minutes, and half of them at best.
    assert [(row.enrolment, row.missing) for row in grid.rows] == [(away, 126), (there, None)]
    assert "missing" in [column.sort for column in grid.columns]


def test_grid_leaves_out_cancelled_sessions_and_people_out_of_sight(run, trainer):
    kept, cancelled = plan(run, 2)
    type(cancelled).objects.filter(pk=cancelled.pk).update(
        cancelled_at=timezone.now(), cancel_reason="Bão"
    )
    enrol_many(run, 1, "13387")
    (elsewhere,) = enrol_many(run, 1, "13591")
    coordinator = make_official(Role.COORDINATOR, "353")

    assert grid_of(run=run, reader=trainer).sessions == [kept]
    assert len(grid_of(run=run, reader=trainer).rows) == 2
    assert [one.enrolment for one in grid_of(run=run, reader=coordinator).rows] == [elsewhere]


def test_grid_stands_in_the_order_asked_for(run, session, trainer):
    (first, third), (second,) = enrol_many(run, 2, "13387"), enrol_many(run, 1, "13387")
    for person, name in ((first, "Lê An"), (second, "Lê Bình"), (third, "Lê Chi")):
        set_fields(person.user, full_name=name)
    set_fields(third, unit=run.unit.get_children().exclude(pk=third.unit_id).get())
    entries = [entry(second), entry(third, "late", minutes_late=20)]
    take_roll(session=session, entries=entries, by=trainer, at=IN_CLASS)

    letters = {first.pk: "a", second.pk: "b", third.pk: "c"}
    for order, places in (
        ("name", "abc"),
        ("-name", "cba"),
        ("unit", "cab"),
        ("total", "acb"),
        ("-total", "bca"),
        ("unknown", "abc"),
    ):
        rows = grid_of(run=run, reader=trainer, order=order).rows
        assert "".join(letters[row.enrolment.pk] for row in rows) == places, order


@pytest.mark.parametrize(("people", "sessions"), [(1, 1), (3, 31), (2, 60)])
def test_grid_costs_the_same_queries_whatever_its_size(
    run, trainer, people, sessions, django_assert_num_queries
):
    plan(run, sessions)
    enrol_many(run, people)
    grid_of(run=run, reader=trainer)

    with django_assert_num_queries(6):
        grid = grid_of(run=run, reader=trainer)
        cells = [[column.value(row) for column in grid.columns] for row in grid.rows]

    assert (len(cells), len(cells[0])) == (people, sessions + 6)


def test_minutes_of_a_session_that_is_under_way_stand_nowhere_yet(run, person, trainer):
    session = SessionFactory(run=run, counted_at=None)
    record_mark(session=session, enrolment=person, by=trainer, at=IN_CLASS)

    (row,) = grid_of(run=run, reader=trainer).rows

    assert row.cells == [GridCell("present", None)]
    assert row.attended == 0
