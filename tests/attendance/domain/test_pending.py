from datetime import date, datetime, timedelta

import pytest

from attendance.domain.register.sign_off import sign_session
from attendance.domain.roll.queries import on_day, with_figures
from attendance.domain.sessions.pending import annotate_expected, annotate_rolls, rolls_to_finish
from attendance.models import Session
from attendance.panels import session_line
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import CourseRun, Enrolment
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.courses import HANOI
from tests.factories.rows import set_fields

DAY_AFTER = date(2014, 5, 7)
EVENING = IN_CLASS.replace(hour=18)


def figures(session, reader):
    found = annotate_expected(Session.objects.filter(pk=session.pk), reader=reader).get()
    return found.expected_count, found.unnoted_count


def unfinished(reader, today=DAY_AFTER):
    return list(rolls_to_finish(Session.objects.all(), reader=reader, today=today))


def note(session, enrolments, trainer):
    take_roll(session=session, entries=[entry(one) for one in enrolments], by=trainer, at=IN_CLASS)


def test_expected_are_the_people_who_count_and_unnoted_those_without_a_status(
    run, session, trainer
):
    assert figures(session, trainer) == (0, 0)
    people = enrol_many(run, 3)
    note(session, people[:2], trainer)
    assert figures(session, trainer) == (3, 1)

    set_fields(people[2], status=EnrolmentStatus.WITHDRAWN)
    assert figures(session, trainer) == (2, 0)


def test_coordinator_of_the_host_district_is_not_asked_for_guests(run, session, coordinator):
    enrol_many(run, 2, commune="13387")
    enrol_many(run, 3, commune="13591")

    assert figures(session, coordinator) == (2, 2)


def test_rolls_of_earlier_days_are_to_be_finished_the_last_session_first(run, session, trainer):
    people = enrol_many(run, 1)
    later = SessionFactory(run=run, starts_at=datetime(2014, 5, 6, 13, 30, tzinfo=HANOI))

    assert unfinished(trainer) == [later, session]
    assert unfinished(trainer, today=date(2014, 5, 6)) == []
    note(session, people, trainer)
    assert unfinished(trainer) == [later]
    set_fields(run, status=RunStatus.CANCELLED)
    assert unfinished(trainer) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_rolls_to_finish_are_one_query(run, trainer, django_assert_num_queries, rows):
    enrol_many(run, 2)
    for number in range(rows):
        SessionFactory(run=run, starts_at=IN_CLASS - timedelta(days=number))
    assert trainer.scope
    make_class("353", course=run.course)

    with django_assert_num_queries(1):
        assert len(unfinished(trainer)) == rows


def test_who_is_enrolled_after_the_signature_leaves_no_roll_to_finish(run, session, trainer):
    enrol_many(run, 1)
    people = Enrolment.objects.filter(run=run)
    sign_session(session=session, by=trainer, at=EVENING, absent=[one.pk for one in people])
    enrol_many(run, 1)

    assert not unfinished(trainer)
    assert figures(session, trainer) == (2, 0)
    shown = with_figures(Session.objects.filter(pk=session.pk), reader=trainer).get()
    assert session_line(shown, run=run)["left"] == 0
    rows = annotate_rolls(CourseRun.objects.all(), reader=trainer, now=EVENING)
    assert rows.values_list("held_count", "unfinished_count").get() == (1, 0)


@pytest.mark.parametrize(("day", "is_late"), [(DAY_AFTER, False), (date(2014, 5, 8), True)])
def test_evening_that_goes_past_midnight_is_of_both_days(run, trainer, day, is_late):
    begins = datetime(2014, 5, 6, 22, 0, tzinfo=HANOI)
    evening = SessionFactory(run=run, starts_at=begins, ends_at=begins + timedelta(hours=2.5))
    enrol_many(run, 1)

    assert unfinished(trainer, day) == ([evening] if is_late else [])
    assert list(on_day(Session.objects.all(), day)) == ([] if is_late else [evening])
    assert list(on_day(Session.objects.all(), date(2014, 5, 6))) == [evening]
