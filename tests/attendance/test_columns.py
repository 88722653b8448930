"""The column that attendance adds to the admin's list of classes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from attendance.columns import NotedInSessions, RollState
from attendance.enums import AttendanceStatus
from courses.models import CourseRun
from tests.factories.attendance import SessionFactory, enrol_many, entry, make_class, take_roll
from tests.factories.files import sheet_rows
from tests.factories.rows import set_fields
from tests.reading import numbers


def told(run, reader):
    """The numbers in the cell of a class."""
    column = RollState()
    runs = column.annotate(CourseRun.objects.filter(pk=run.pk), reader=reader)
    return numbers(column.value(runs.get()))


def held(run, days=0):
    return SessionFactory(run=run, starts_at=timezone.now() - timedelta(days=days, hours=1))


def to_come(run):
    return SessionFactory(run=run, starts_at=timezone.now() + timedelta(days=1))


def test_class_to_come_tells_what_is_planned(run, trainer):
    assert told(run, trainer) == []
    to_come(run)

    assert told(run, trainer) == [1]


def test_unfinished_rolls_are_told(run, trainer):
    people = enrol_many(run, 2)
    session = held(run, days=1)
    held(run)
    entries = [entry(one) for one in people]
    take_roll(session=session, entries=entries, by=trainer, at=timezone.now())

    assert told(run, trainer) == [1, 2]


def test_complete_rolls_are_told(run, trainer):
    people = enrol_many(run, 1)
    session = held(run)
    to_come(run)
    take_roll(session=session, entries=[entry(people[0])], by=trainer, at=timezone.now())

    assert told(run, trainer) == [1, 2]


def test_guests_out_of_sight_do_not_make_a_roll_unfinished(run, trainer, coordinator):
    enrol_many(run, 1, commune="13591")
    held(run)

    assert told(run, coordinator) == [1, 1]
    assert told(run, trainer) == [0, 1]


@pytest.mark.parametrize("rows", [1, 3])
def test_column_costs_no_query_a_row(run, trainer, django_assert_num_queries, rows):
    runs = [run, *(make_class("350", course=run.course) for _ in range(rows - 1))]
    for one in runs:
        enrol_many(one, 1)
        held(one)
    assert trainer.scope
    column = RollState()

    with django_assert_num_queries(1):
        cells = [
            column.value(one)
            for one in column.annotate(
                CourseRun.objects.filter(pk__in=[r.pk for r in runs]), reader=trainer
            )
        ]
    assert len(cells) == rows


@pytest.mark.parametrize("count", [1, 3])
def test_file_of_trainees_has_phones_and_what_was_noted_in_each_session(
    run, session, trainer, as_trainer, django_assert_num_queries, count
):
    people = enrol_many(run, count)
    set_fields(people[0].user, phone="+84912345678")
    off = SessionFactory(run=run, starts_at=session.starts_at + timedelta(days=1))
    set_fields(off, cancelled_at=off.starts_at, cancel_reason="Bão")
    take_roll(session=session, entries=[entry(people[0])], by=trainer, at=session.ends_at)

    answer = as_trainer.get(reverse("courses:run_trainees_file", args=[run.pk]), {"export": "csv"})
    head, *rows = sheet_rows(b"".join(answer.streaming_content), "csv")

    assert head[-2] == "Buổi 1 (06/05)"
    noted = {row[1]: row[-3:-1] for row in rows}
    assert noted[people[0].user.staff_code] == ["0912 345 678", AttendanceStatus.PRESENT.label]
    assert [noted[one.user.staff_code][1] for one in people[1:]] == [""] * (count - 1)
    with django_assert_num_queries(2):
        NotedInSessions().columns(run, enrolments=people)
