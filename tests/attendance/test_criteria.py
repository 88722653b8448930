from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.criteria import AttendanceHours, AttendanceParamsForm
from attendance.domain.hours.deriving import derive_record, store_records
from attendance.domain.hours.rules import AttendanceRules
from attendance.domain.register.sign_off import sign_session
from attendance.domain.wording import describe_day, describe_minutes
from attendance.enums import AttendanceStatus, HoursLack
from attendance.models import AttendanceMark
from courses.domain.completion import evaluate_class
from courses.domain.progress import progress_of
from courses.extensions import Detail
from courses.models import CompletionRequirement, Enrolment
from courses.signals import completion_withdrawn
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.courses import ask
from tests.factories.rows import set_fields
from tests.shared import shared

CRITERION = AttendanceHours()


@shared
def second(run, session):
    """The afternoon: 210 minutes more."""
    return SessionFactory(run=run, title="Buổi 2", starts_at=session.starts_at + timedelta(hours=5))


def judged(run, percent=100):
    """What the completion makes of it: the figures, and the details of those who lack hours."""
    CompletionRequirement.objects.filter(run=run).delete()
    ask(run, attendance_hours={"percent": percent})
    progress = progress_of(enrolment_ids=list(run.enrolments.values_list("pk", flat=True)))
    return [result for _pk, [result] in sorted(progress.items())]


def details(run, ids=None):
    ids = ids or list(Enrolment.objects.filter(run=run).values_list("pk", flat=True))
    return CRITERION.details(ids, run=run, params={"percent": 100})


def plan(run, count):
    """So many sessions of 210 minutes, a day apart."""
    return [
        SessionFactory(run=run, title=f"Buổi {day}", starts_at=IN_CLASS + timedelta(days=day))
        for day in range(1, count + 1)
    ]


def note(sessions, person, trainer, status):
    """The same mark in each of these sessions, at once."""
    marks = AttendanceMark.objects.bulk_create(
        AttendanceMark(
            session=session,
            enrolment=person,
            status=status,
            marked_by=trainer,
            marked_at=session.starts_at,
            client_id=uuid4(),
        )
        for session in sessions
    )
    store_records(
        derive_record(mark=mark, session_minutes=mark.session.minutes, rules=AttendanceRules())
        for mark in marks
    )


def attend(session, person, trainer, status=AttendanceStatus.PRESENT, **fields):
    take_roll(session=session, entries=[entry(person, status, **fields)], by=trainer, at=IN_CLASS)


def facts(result):
    return result.achieved, result.required, result.met


def lacks(result, minutes):
    """The sessions that hours are missing of and why; the sentence tells them and how much."""
    assert describe_minutes(minutes) in result.explanation
    for one in result.details:
        assert one.subject in result.explanation
        assert describe_day(one.at, now=timezone.now()) in result.explanation
    return [(one.subject, one.why) for one in result.details]


def test_minutes_of_all_required_sessions_are_asked_and_meet_it(
    run, person, session, second, trainer
):
    attend(session, person, trainer)
    (result,) = judged(run)
    assert facts(result) == (210, 420, False)
    assert lacks(result, 210) == [("Buổi 2", HoursLack.UNRECORDED)]

    attend(second, person, trainer)
    (result,) = judged(run)
    assert facts(result) == (420, 420, True)
    assert result.explanation.count(describe_minutes(420)) == 2


def test_late_person_lacks_the_minutes_of_that_session(run, person, session, second, trainer):
    attend(session, person, trainer, AttendanceStatus.LATE, minutes_late=25)
    attend(second, person, trainer)
    (result,) = judged(run)
    assert facts(result) == (395, 420, False)
    assert lacks(result, 25) == [("Buổi 1", HoursLack.PARTLY)]


def test_person_without_any_record_lacks_everything(run, session, second):
    enrol_many(run, 1)
    (result,) = judged(run)
    assert facts(result) == (0, 420, False)
    why = HoursLack.UNRECORDED
    assert lacks(result, 420) == [("Buổi 1", why), ("Buổi 2", why)]


@pytest.mark.parametrize("status", [AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED])
def test_missed_session_is_told_as_missed(run, person, session, trainer, status):
    attend(session, person, trainer, status)
    (result,) = judged(run)
    assert lacks(result, 210) == [("Buổi 1", HoursLack.MISSED)]


def test_class_without_planned_sessions_is_not_met_and_one_to_come_is_told_with_its_day(
    run, person
):
    (result,) = judged(run)
    assert facts(result) == (0, 1, False)
    assert result.explanation

    SessionFactory(run=run, title="Buổi 9", starts_at=timezone.now() + timedelta(days=400))
    (result,) = judged(run)
    assert lacks(result, 210) == [("Buổi 9", HoursLack.UNRECORDED)]
    assert _("upcoming") in result.explanation


@pytest.mark.parametrize("count", [1, 30, 31, 200])
def test_last_of_any_number_of_sessions_is_told_apart(run, person, trainer, count):
    *others, last = plan(run, count)
    note(others, person, trainer, AttendanceStatus.PRESENT)
    note([last], person, trainer, AttendanceStatus.ABSENT)
    (result,) = judged(run)
    assert facts(result) == (210 * (count - 1), 210 * count, False)
    assert lacks(result, 210) == [(f"Buổi {count}", HoursLack.MISSED)]


@pytest.mark.parametrize("count", [1, 30, 31, 200])
def test_details_cost_two_queries_for_any_number_of_sessions(
    run, trainer, django_assert_num_queries, count
):
    sessions = plan(run, count)
    keen, absent, unknown = enrol_many(run, 3)
    note(sessions, keen, trainer, AttendanceStatus.PRESENT)
    note(sessions, absent, trainer, AttendanceStatus.ABSENT)
    with django_assert_num_queries(2):
        rows = details(run, ids=[keen.pk, absent.pk, unknown.pk])
    named = [(session.title, session.starts_at) for session in sessions]
    assert rows == {
        absent.pk: [Detail(title, at, "missed") for title, at in named],
        unknown.pk: [Detail(title, at, "unrecorded") for title, at in named],
    }
    assert keen.pk not in rows


def test_session_that_does_not_count_asks_and_gives_nothing(run, person, session, second, trainer):
    set_fields(second, is_required=False)
    SessionFactory(run=make_class("353", course=run.course))
    assert [row.subject for row in details(run)[person.pk]] == ["Buổi 1"]

    attend(second, person, trainer)
    assert facts(judged(run)[0]) == (0, 210, False)


def test_share_is_rounded_up_to_whole_minutes(run, session):
    session.ends_at += timedelta(minutes=1)
    session.save()
    enrol_many(run, 1)
    assert facts(judged(run, percent=80)[0]) == (0, 169, False)


def test_hours_in_another_class_do_not_count(run, person, session, trainer):
    other = make_class("353", course=run.course)
    elsewhere = SessionFactory(run=other)
    (twin,) = enrol_many(other, 1)
    attend(elsewhere, twin, trainer)
    assert facts(judged(run)[0]) == (0, 210, False)
    assert person.run == run


@pytest.mark.parametrize("count", [1, 3])
def test_judging_costs_the_same_queries_for_any_number(
    run, session, second, django_assert_num_queries, count
):
    enrol_many(run, count)
    ask(run, attendance_hours={"percent": 100})
    # The lock, the requirements, the rows, the sessions, the enrolments, the details (2); nothing
    # differs.
    with django_assert_num_queries(7):
        evaluate_class(run=run, at=IN_CLASS)


def test_explanation_without_an_enrolment_tells_the_amounts():
    text = CRITERION.explain(achieved=60, required=210, params={"percent": 100})
    assert text.index(describe_minutes(150)) < text.index(describe_minutes(210))


@pytest.mark.parametrize(("percent", "valid"), [(9, False), (10, True), (100, True), (101, False)])
def test_share_lies_between_ten_and_a_hundred(percent, valid):
    assert AttendanceParamsForm({"percent": percent}).is_valid() is valid
    assert AttendanceParamsForm(CRITERION.default_params()).is_valid()


def test_completion_that_is_withdrawn_tells_the_session(run, person, session, second, trainer):
    ask(run, attendance_hours={"percent": 100})
    attend(session, person, trainer)
    attend(second, person, trainer)
    told = []

    def hear(sender, reasons, **_rest):
        told.extend(reasons)

    completion_withdrawn.connect(hear)
    try:
        attend(second, person, trainer, AttendanceStatus.ABSENT, reason="Nhầm người")
    finally:
        completion_withdrawn.disconnect(hear)
    [reason] = told
    assert lacks(reason, 210) == [("Buổi 2", HoursLack.MISSED)]


def test_breaks_are_asked_of_nobody(run, person, session, trainer):
    set_fields(session, break_minutes=30)
    attend(session, person, trainer)
    (result,) = judged(run)
    assert facts(result) == (180, 180, True)
    assert result.details == ()


def test_session_signed_before_the_enrolment_waits_for_no_roll(run, person, session, trainer):
    sign_session(session=session, by=trainer, at=session.ends_at, absent=[person.pk])
    (newcomer,) = enrol_many(run, 1)

    found = {pk: [row.why for row in rows] for pk, rows in details(run).items()}

    assert found == {person.pk: [HoursLack.MISSED], newcomer.pk: [HoursLack.SIGNED_BEFORE]}
