"""Who can no longer reach the hours: told to the class and to the person."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from attendance.domain.hours.reach import Shortfall, find_shortfall, shortfalls_of
from attendance.domain.register.sign_off import sign_session
from attendance.enums import AttendanceStatus
from attendance.reach_panels import EnrolmentShortfall, RunShortfalls
from courses.enums import EnrolmentStatus
from courses.models import Enrolment
from tests.factories.accounts import browse
from tests.factories.attendance import SessionFactory, enrol_many, entry, take_roll
from tests.factories.courses import ask
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.shared import shared

PRESENT, LATE, EXCUSED, ABSENT = AttendanceStatus


@pytest.mark.parametrize(
    ("planned", "percent", "noted", "shortfall"),
    [
        (420, 100, [], None),
        (420, 100, [(210, 210, 0)], None),
        (420, 100, [(210, 209, 0)], Shortfall(419, 420)),
        (420, 50, [(210, 0, 0)], None),
        (420, 51, [(210, 0, 0)], Shortfall(210, 215)),
        # Waived hours are not asked for.
        (420, 100, [(210, 0, 210)], None),
        # Nothing planned asks for nothing that could be out of reach.
        (0, 100, [], None),
    ],
)
def test_shortfall_is_what_lacks_even_at_best(planned, percent, noted, shortfall):
    assert find_shortfall(planned=planned, percent=percent, noted=noted) == shortfall


@given(
    noted=st.lists(st.tuples(st.integers(15, 600), st.integers(0, 15)), max_size=60),
    to_come=st.integers(0, 3000),
    percent=st.integers(10, 100),
)
def test_whoever_is_short_stays_short_when_all_that_is_left_is_attended(noted, to_come, percent):
    rows = [(length, attended, 0) for length, attended in noted]
    planned = to_come + sum(length for length, _ in noted)
    short = find_shortfall(planned=planned, percent=percent, noted=rows)
    at_best = to_come + sum(attended for _, attended in noted)
    assert (short is None) == (at_best * 100 >= planned * percent)
    assert short is None or short.missing > 0


@shared
def people(run, session, trainer):
    """Of 420 minutes one has all of the first half, one nothing of it; one is not noted."""
    SessionFactory(run=run, starts_at=session.starts_at + timedelta(hours=5), counted_at=None)
    there, gone, unknown = enrol_many(run, 3)
    entries = [entry(there), entry(gone, ABSENT)]
    take_roll(session=session, entries=entries, by=trainer, at=session.ends_at)
    return there, gone, unknown


def short_of(run):
    return shortfalls_of(enrolments=Enrolment.objects.all(), run=run)


def test_who_missed_a_session_that_is_over_is_short_unless_withdrawn(
    run, session, people, django_assert_num_queries
):
    # A class that asks for no hours knows no shortfall.
    assert short_of(run) == {}
    ask(run, attendance_hours={"percent": 100})
    with django_assert_num_queries(2):
        assert short_of(run) == {people[1].pk: Shortfall(210, 420)}

    set_fields(people[1], status=EnrolmentStatus.WITHDRAWN)
    assert short_of(run) == {}
    set_fields(people[1], status=EnrolmentStatus.ACTIVE)
    set_fields(session, counted_at=None)
    assert short_of(run) == {}


def test_class_page_and_person_are_told(run, people, trainer):
    ask(run, attendance_hours={"percent": 100})
    set_fields(people[1].user, full_name="Trần Thị Thiếu")
    page = browse(trainer).get(reverse("courses:run_detail", args=[run.pk]))
    body = html_of(page)
    assert body.count("shortfalls-title") == 2
    assert "Trần Thị Thiếu" in body.split("shortfalls-title")[2].split("</section>")[0]

    # Nothing is left to attend of a class that is over.
    told = RunShortfalls().context(page.wsgi_request, run)
    set_fields(run, ends_on=date(2099, 5, 7))
    assert (told["is_over"], RunShortfalls().context(page.wsgi_request, run)["is_over"]) == (
        True,
        False,
    )
    assert EnrolmentShortfall().context(page.wsgi_request, people[1]) is not None
    assert EnrolmentShortfall().context(page.wsgi_request, people[0]) is None


def test_who_came_into_the_class_after_a_signature_is_short_of_that_session(
    run, session, people, trainer, django_assert_num_queries
):
    ask(run, attendance_hours={"percent": 100})
    _there, gone, unknown = people
    sign_session(session=session, by=trainer, at=session.ends_at, absent=[unknown.pk])
    (newcomer,) = enrol_many(run, 1)

    with django_assert_num_queries(2):
        short = short_of(run)

    assert {pk: found.missing for pk, found in short.items()} == {
        gone.pk: 210,
        unknown.pk: 210,
        newcomer.pk: 210,
    }
