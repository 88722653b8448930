"""The rules of a class are its data; what a change of them does to people."""

from datetime import timedelta

import pytest

from attendance.criteria import AttendanceHours, AttendanceParamsForm
from attendance.domain.hours.rebuilding import find_differences
from attendance.domain.hours.rules import AttendanceRules, read_rules, rules_of
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceRecord
from courses.domain.completion import effect_of
from courses.domain.progress import progress_of
from courses.domain.runs import set_requirements
from courses.enums import EnrolmentStatus
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, record_mark
from tests.factories.courses import ask
from tests.factories.rows import status_of

PRESENT, LATE, EXCUSED, ABSENT = AttendanceStatus
PLAIN = {"attendance_hours": {"percent": 100}}
GRACE = {"attendance_hours": {"percent": 100, "grace_minutes": 10}}
WAIVES = {"attendance_hours": {"percent": 100, "excuse_waives_hours": True}}


@pytest.fixture
def note(session, person, trainer):
    def note(status, **fields):
        record_mark(
            session=session,
            enrolment=person,
            status=status,
            by=trainer,
            at=session.ends_at,
            **fields,
        )
        return status_of(person)

    return note


def make_afternoon(run, session):
    return SessionFactory(run=run, starts_at=session.starts_at + timedelta(hours=5))


def put(run, requirements, **how):
    set_requirements(run=run, requirements=requirements, at=IN_CLASS, **how)


def minutes_of(person):
    return AttendanceRecord.objects.get(enrolment=person).minutes


@pytest.mark.parametrize("latest", [PLAIN, {"lessons": {"percent": 100}}])
def test_rules_are_those_of_the_latest_version(run, latest):
    assert rules_of(run) == AttendanceRules()
    ask(run, **GRACE)
    assert rules_of(run).grace_minutes == 10
    put(run, latest)
    assert rules_of(run) == AttendanceRules()


def test_form_keeps_only_what_differs_from_the_plain_rules():
    form = AttendanceParamsForm({"percent": 80, "grace_minutes": "0", "rounding": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"percent": 80}


def test_form_gives_the_rules_that_were_typed():
    form = AttendanceParamsForm(
        {
            "percent": 80,
            "grace_minutes": "10",
            "rounding": "15",
            "excuse_waives_hours": "on",
        }
    )
    assert form.is_valid()
    assert read_rules(form.cleaned_data) == AttendanceRules(10, 15, True)


def test_grace_raised_completes_whoever_it_helps(run, session, person, note):
    ask(run, **PLAIN)
    assert note(LATE, minutes_late=10) == EnrolmentStatus.ACTIVE
    effect = effect_of(run=run, requirements=GRACE)
    assert (effect.completing, effect.losing) == ([person.pk], [])
    assert minutes_of(person) == 200

    put(run, GRACE)
    assert (status_of(person), minutes_of(person)) == (EnrolmentStatus.COMPLETED, 210)
    assert list(find_differences()) == []


@pytest.mark.parametrize(
    ("take_back", "stands"), [(False, EnrolmentStatus.COMPLETED), (True, EnrolmentStatus.ACTIVE)]
)
def test_grace_lowered_leaves_completions_that_met_the_older_version_unless_it_was_ticked(
    run, session, person, note, trainer, take_back, stands
):
    ask(run, **GRACE)
    late = {"status": LATE, "minutes_late": 10}
    assert note(**late) == EnrolmentStatus.COMPLETED
    effect = effect_of(run=run, requirements=PLAIN)
    assert (effect.completing, effect.losing) == ([], [person.pk])

    put(run, PLAIN, take_back=take_back)
    assert (status_of(person), minutes_of(person)) == (stands, 200)
    assert list(find_differences()) == []
    # Others are judged by the new rules.
    (other,) = enrol_many(run, 1)
    record_mark(session=session, enrolment=other, by=trainer, at=session.ends_at, **late)
    assert status_of(other) == EnrolmentStatus.ACTIVE


def test_session_after_the_completion_is_asked_by_no_rules(run, session, person, note, trainer):
    ask(run, **GRACE)
    assert note(LATE, minutes_late=10) == EnrolmentStatus.COMPLETED
    person.completed_at = session.ends_at
    person.save(update_fields=["completed_at"])
    later = make_afternoon(run, session)
    record_mark(session=later, enrolment=person, status=ABSENT, by=trainer, at=later.ends_at)

    put(run, PLAIN)

    assert status_of(person) == EnrolmentStatus.COMPLETED


@pytest.mark.parametrize(
    ("late", "stands"), [(9, EnrolmentStatus.COMPLETED), (11, EnrolmentStatus.ACTIVE)]
)
def test_correction_afterwards_is_judged_by_the_version_that_was_met(
    run, session, person, note, late, stands
):
    ask(run, **GRACE)
    note(LATE, minutes_late=10)
    put(run, PLAIN)
    assert note(LATE, minutes_late=late, reason="Ghi nhầm") == stands


def test_waived_hours_are_not_asked_for_but_nothing_alone_completes_nobody(
    run, session, person, note
):
    ask(run, **WAIVES)
    # Everything is waived: 0 of 0 is never met.
    assert note(EXCUSED) == EnrolmentStatus.ACTIVE
    [result] = progress_of(enrolment_ids=[person.pk])[person.pk]
    assert (result.achieved, result.required, result.met) == (0, 0, False)
    assert result.explanation == AttendanceHours().explain(achieved=0, required=0, params={})


def test_who_is_excused_from_one_session_has_the_other_left(run, session, person, note, trainer):
    second = make_afternoon(run, session)
    ask(run, **WAIVES)
    note(EXCUSED)
    record_mark(session=second, enrolment=person, status=PRESENT, by=trainer, at=second.ends_at)
    assert status_of(person) == EnrolmentStatus.COMPLETED
    assert effect_of(run=run, requirements=PLAIN).losing == [person.pk]
    # Unchanged by the version that asks for all hours.
    put(run, PLAIN)
    assert status_of(person) == EnrolmentStatus.COMPLETED


@pytest.mark.parametrize("count", [1, 3])
def test_change_of_rules_costs_the_same_queries_for_any_number(
    run, session, trainer, django_assert_num_queries, count
):
    ask(run, **GRACE)
    for person in enrol_many(run, count):
        record_mark(
            session=session,
            enrolment=person,
            status=LATE,
            minutes_late=10,
            by=trainer,
            at=session.ends_at,
        )
    with django_assert_num_queries(3):
        effect_of(run=run, requirements=PLAIN)
    with django_assert_num_queries(23):
        put(run, PLAIN)
