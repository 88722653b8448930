"""Nothing counts before it has happened: hours count from the end of a session."""

from datetime import timedelta

import pytest

from attendance.domain.hours.counting import count_ended_sessions
from attendance.domain.roll.recording import record_roll_call
from attendance.domain.sessions.scheduling import SessionPlan, change_session, create_session
from attendance.enums import AttendanceStatus
from courses.domain.progress import progress_of
from courses.domain.rebuilding import find_differences
from courses.domain.runs import cancel_run, set_requirements
from courses.enums import EnrolmentStatus
from courses.models import Enrolment
from courses.signals import enrolment_completed
from tests.factories.accounts import UserFactory
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    make_class,
)
from tests.factories.courses import ask
from tests.factories.rows import status_of
from tests.shared import shared

END = IN_CLASS.replace(hour=11, minute=30)
AFTERNOON = IN_CLASS.replace(hour=13, minute=30)
CLOSE = IN_CLASS.replace(hour=16, minute=30)


@shared
def run(edition):
    run = make_class()
    ask(run, attendance_hours={"percent": 100})
    return run


@shared
def morning(run):
    return SessionFactory(run=run, ends_at=END, counted_at=None)


@shared
def afternoon(run):
    return SessionFactory(run=run, starts_at=AFTERNOON, ends_at=CLOSE, counted_at=None)


def note(session, *people, at, status=AttendanceStatus.PRESENT, **fields):
    record_roll_call(
        session=session,
        entries=[entry(one, status, **fields) for one in people],
        by=UserFactory(),
        at=at,
        among=Enrolment.objects.all(),
    )


def minutes_of(person):
    ((result,),) = progress_of(enrolment_ids=[person.pk]).values()
    return result.achieved


def test_session_noted_early_gives_nothing_until_it_has_ended(morning, afternoon, person):
    note(morning, person, at=END)
    note(afternoon, person, at=IN_CLASS.replace(hour=10, minute=31))

    before = (status_of(person), minutes_of(person))
    count_ended_sessions(at=CLOSE - timedelta(seconds=1))
    just_before = (status_of(person), minutes_of(person))
    count_ended_sessions(at=CLOSE)

    assert before == just_before == (EnrolmentStatus.ACTIVE, morning.minutes)
    assert (status_of(person), minutes_of(person)) == (
        EnrolmentStatus.COMPLETED,
        morning.minutes + afternoon.minutes,
    )
    assert person.completed_at == CLOSE


def test_person_who_leaves_during_the_session_does_not_get_its_hours(morning, person):
    note(morning, person, at=IN_CLASS)
    note(
        morning,
        person,
        at=IN_CLASS + timedelta(hours=1),
        status=AttendanceStatus.ABSENT,
        reason="Về sớm",
    )

    count_ended_sessions(at=END)

    assert (status_of(person), minutes_of(person)) == (EnrolmentStatus.ACTIVE, 0)


def test_nobody_completes_before_the_last_session_even_with_hours_enough(
    run, morning, afternoon, person
):
    set_requirements(run=run, requirements={"attendance_hours": {"percent": 50}}, at=IN_CLASS)
    note(morning, person, at=END)

    met = progress_of(enrolment_ids=[person.pk])[person.pk][0].met
    early = status_of(person)
    count_ended_sessions(at=CLOSE)

    assert met
    assert early == EnrolmentStatus.ACTIVE
    assert status_of(person) == EnrolmentStatus.COMPLETED


def test_marks_before_the_end_change_nothing_that_is_kept_about_progress(
    run, morning, afternoon, person
):
    """So nothing has to be judged anew: what would be found is what is there."""
    note(morning, person, at=END)
    for at, status in (
        (AFTERNOON, AttendanceStatus.LATE),
        (AFTERNOON + timedelta(minutes=1), AttendanceStatus.ABSENT),
        (AFTERNOON + timedelta(minutes=2), AttendanceStatus.EXCUSED),
        (CLOSE - timedelta(seconds=1), AttendanceStatus.PRESENT),
    ):
        note(afternoon, person, at=at, status=status, reason="Nhầm")
        assert not list(find_differences())

    assert minutes_of(person) == morning.minutes


def test_marks_of_an_optional_session_change_nothing_that_is_kept_about_progress(run, person):
    evening = SessionFactory(run=run, is_required=False)
    note(evening, person, at=IN_CLASS)
    assert not list(find_differences())


def test_roll_taken_after_the_session_counts_at_once_for_everybody(run, morning, person):
    other = enrol_many(run, 1)[0]
    note(morning, other, at=IN_CLASS)

    note(morning, person, at=END)

    assert status_of(person) == status_of(other) == EnrolmentStatus.COMPLETED


def test_tick_that_comes_twice_changes_nothing_the_second_time(morning, person):
    note(morning, person, at=IN_CLASS)

    counts = [count_ended_sessions(at=END + timedelta(minutes=n)) for n in (0, 1)]

    person.refresh_from_db()
    assert counts == [1, 0]
    assert person.completed_at == END


def test_class_that_fails_does_not_stop_the_others(run, morning, person):
    note(morning, person, at=IN_CLASS)
    other = make_class(course=run.course)
    late = SessionFactory(run=other, ends_at=END, counted_at=None)

    def fail(sender, enrolment, **_):
        raise RuntimeError("a receiver of a plug-in")

    enrolment_completed.connect(fail)
    try:
        counted = count_ended_sessions(at=END)
    finally:
        enrolment_completed.disconnect(fail)
    late.refresh_from_db()
    morning.refresh_from_db()

    assert (counted, late.counted_at, morning.counted_at) == (1, END, None)


def test_class_that_was_cancelled_completes_nobody(run, morning, person):
    note(morning, person, at=IN_CLASS)
    cancel_run(run=run, reason="Bão", at=IN_CLASS)

    count_ended_sessions(at=CLOSE)

    assert status_of(person) == EnrolmentStatus.ACTIVE


@pytest.mark.parametrize(
    "begins",
    [
        pytest.param(AFTERNOON + timedelta(days=1), id="to-come"),
        pytest.param(AFTERNOON, id="entered-afterwards"),
    ],
)
def test_session_added_later_takes_no_completion_back(run, morning, person, begins):
    note(morning, person, at=END)

    plan = SessionPlan(title="Thêm", starts_at=begins, ends_at=begins + timedelta(hours=3))
    create_session(run=run, plan=plan, by=UserFactory(), at=CLOSE + timedelta(hours=1))

    assert status_of(person) == EnrolmentStatus.COMPLETED


def test_session_added_later_is_asked_of_those_who_had_not_completed(run, morning, person):
    note(morning, person, at=END, status=AttendanceStatus.ABSENT)
    plan = SessionPlan(title="Bù", starts_at=AFTERNOON, ends_at=CLOSE)
    added = create_session(run=run, plan=plan, by=UserFactory(), at=END)
    set_requirements(run=run, requirements={"attendance_hours": {"percent": 40}}, at=END)

    note(added, person, at=CLOSE)

    assert status_of(person) == EnrolmentStatus.COMPLETED


def test_correction_still_takes_the_completion_back(morning, person):
    note(morning, person, at=END)

    note(morning, person, at=CLOSE, status=AttendanceStatus.ABSENT, reason="Điểm danh nhầm")

    assert status_of(person) == EnrolmentStatus.ACTIVE


def test_session_that_is_moved_behind_now_counts_again_only_after_its_end(morning, person):
    note(morning, person, at=END)
    later = SessionPlan(title=morning.title, starts_at=AFTERNOON, ends_at=CLOSE)

    change_session(session=morning, plan=later, by=UserFactory(), at=END + timedelta(minutes=5))
    moved = minutes_of(person)
    count_ended_sessions(at=CLOSE)

    assert moved == 0
    assert minutes_of(person) == 180


@pytest.mark.parametrize("people", [1, 5])
def test_tick_spends_the_same_queries_for_any_number_of_people(
    run, morning, people, django_assert_num_queries
):
    note(morning, *enrol_many(run, people), at=IN_CLASS)

    # One of them asks who makes up in these sessions, one keeps the day of what changed.
    with django_assert_num_queries(14):
        count_ended_sessions(at=END)
