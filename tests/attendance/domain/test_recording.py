from datetime import timedelta
from uuid import uuid4

import pytest

from attendance.domain.roll.queries import RecordedStatus
from attendance.domain.roll.recording import (
    RollEntry,
    record_roll_call,
    require_acceptable,
    require_begun,
)
from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord, Session
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import Enrolment
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    make_class,
    record_mark,
    take_roll,
)
from tests.factories.courses import ask
from tests.factories.rows import set_fields, status_of
from tests.refusing import raises_refusal, refused
from tests.shared import shared

on_sqlite_too = pytest.mark.sqlite("what a constraint refuses; days and moments")

PRESENT, LATE, EXCUSED, ABSENT = AttendanceStatus


def note(session, person, status, by, **fields):
    fields.setdefault("client_id", uuid4())
    fields.setdefault("at", IN_CLASS)
    return record_mark(session=session, enrolment=person, status=status, by=by, **fields)


@on_sqlite_too
def test_mark_stores_who_when_how_and_with_what(session, person, trainer):
    record = note(session, person, LATE, trainer, minutes_late=10, device="Nokia")
    mark = AttendanceMark.objects.get()
    assert (mark.status, mark.minutes_late, mark.method) == (LATE, 10, MarkMethod.ROLL_CALL)
    assert (mark.marked_by, mark.marked_at, mark.device) == (trainer, IN_CLASS, "Nokia")
    assert (record.mark, record.status, record.minutes) == (mark, LATE, 200)


@on_sqlite_too
def test_minutes_late_and_left_early_count_only_for_whoever_came_late_or_left(
    session, person, trainer
):
    first = note(session, person, PRESENT, trainer, minutes_late=10)
    gone = note(session, person, ABSENT, trainer, minutes_left_early=30, reason="Nhầm")

    assert (first.mark.minutes_late, gone.mark.minutes_left_early) == (0, 0)


@on_sqlite_too
def test_repeat_with_the_same_client_id_changes_nothing(session, person, trainer):
    client_id = uuid4()
    first = note(session, person, PRESENT, trainer, client_id=client_id)
    again = note(session, person, ABSENT, trainer, client_id=client_id, reason="Nhầm")
    assert again == first
    assert again.status == PRESENT
    assert AttendanceMark.objects.count() == 1


@on_sqlite_too
def test_attendance_completes_the_enrolment_once_and_a_correction_takes_it_back(
    session, person, trainer, hours_required
):
    for _time in range(2):
        note(session, person, PRESENT, trainer)
    person.refresh_from_db()
    assert (person.status, person.completed_at) == (EnrolmentStatus.COMPLETED, IN_CLASS)
    assert AttendanceMark.objects.count() == 1

    note(session, person, ABSENT, trainer, reason="Ghi nhầm người trùng tên")
    assert status_of(person) == EnrolmentStatus.ACTIVE


def test_change_without_reason_is_refused_and_keeps_what_was_noted(session, person, trainer):
    note(session, person, ABSENT, trainer)
    with raises_refusal("reason_required") as caught:
        note(session, person, PRESENT, trainer, reason="  ")
    assert "“Vắng”" in caught.value.message
    assert trainer.full_name in caught.value.message
    assert AttendanceRecord.objects.get().status == ABSENT


def test_reason_is_asked_for_where_it_is_not_known_who_noted(session, person):
    with raises_refusal("reason_required") as caught:
        require_acceptable(entry(person), RecordedStatus("active", ABSENT), session=session)
    assert "()" not in caught.value.message


def test_change_with_reason_adds_a_correction(session, person, trainer):
    note(session, person, ABSENT, trainer)
    record = note(session, person, PRESENT, trainer, reason=" Đến  muộn, ghi nhầm ")
    first, second = AttendanceMark.objects.all()
    assert (first.status, first.method) == (ABSENT, MarkMethod.ROLL_CALL)
    assert (second.status, second.method) == (PRESENT, MarkMethod.CORRECTION)
    assert second.reason == "Đến muộn, ghi nhầm"
    assert (record.mark, record.minutes) == (second, 210)
    assert AttendanceRecord.objects.count() == 1


def test_minutes_that_cannot_be_or_change_what_was_noted_are_refused(session, person, trainer):
    for minutes, code in (
        ({"minutes_late": 211}, "minutes_late_too_many"),
        ({"minutes_late": 200, "minutes_left_early": 11}, "minutes_left_early_too_many"),
    ):
        assert refused(note, session, person, LATE, trainer, **minutes) == code
    note(session, person, LATE, trainer, minutes_late=10)
    assert refused(note, session, person, LATE, trainer, minutes_late=20) == "reason_required"


def test_person_outside_those_one_may_note_is_refused_as_not_enrolled(session, run, trainer):
    inside, outside = enrol_many(run, 2)
    result = record_roll_call(
        session=session,
        entries=[entry(inside), entry(outside)],
        by=trainer,
        at=IN_CLASS,
        among=Enrolment.objects.filter(pk=inside.pk),
    )
    assert result.saved == [inside.pk]
    assert {pk: error.code for pk, error in result.refused.items()} == {outside.pk: "not_enrolled"}


def test_person_class_or_session_that_is_not_there_any_more_is_refused(session, person, trainer):
    other_run = make_class("353", course=session.run.course)
    stranger = enrol_many(other_run, 1, commune="13591")[0]
    assert refused(note, session, stranger, PRESENT, trainer) == "not_enrolled"
    set_fields(person, status=EnrolmentStatus.WITHDRAWN)
    assert refused(note, session, person, PRESENT, trainer) == "withdrawn"
    set_fields(session.run, status=RunStatus.CANCELLED)
    assert refused(note, session, person, PRESENT, trainer) == "run_cancelled"
    Session.objects.all().delete()
    assert refused(note, session, person, PRESENT, trainer) == "session_gone"
    assert AttendanceMark.objects.count() == 0


@on_sqlite_too
def test_day_before_the_session_is_refused_and_its_early_morning_allowed(session, person, trainer):
    with raises_refusal("session_not_yet") as caught:
        note(session, person, PRESENT, trainer, at=IN_CLASS - timedelta(days=1))
    assert "06/05/2014" in caught.value.message
    # 00:30 in Hà Nam is still the day before in UTC.
    early = IN_CLASS.replace(hour=0, minute=30)
    assert note(session, person, PRESENT, trainer, at=early).status == PRESENT


@on_sqlite_too
def test_client_id_of_another_person_is_refused(session, run, trainer):
    one, two = enrol_many(run, 2)
    client_id = uuid4()
    note(session, one, PRESENT, trainer, client_id=client_id)
    code = refused(lambda: note(session, two, PRESENT, trainer, client_id=client_id))
    assert code == "client_id_taken"


@on_sqlite_too
def test_roll_call_tells_what_became_of_each_entry(session, run, trainer):
    new, same, changed, unexplained = enrol_many(run, 4)
    take_roll(
        session=session,
        entries=[entry(same), entry(changed), entry(unexplained)],
        by=trainer,
        at=IN_CLASS,
    )
    result = take_roll(
        session=session,
        entries=[
            entry(new, LATE),
            entry(same),
            entry(changed, ABSENT, reason="Ghi nhầm"),
            entry(unexplained, ABSENT),
        ],
        by=trainer,
        at=IN_CLASS,
    )
    assert (result.saved, result.corrected, result.unchanged) == (
        [new.pk],
        [changed.pk],
        [same.pk],
    )
    assert {pk: error.code for pk, error in result.refused.items()} == {
        unexplained.pk: "reason_required"
    }
    statuses = dict(AttendanceRecord.objects.values_list("enrolment_id", "status"))
    assert statuses == {
        new.pk: LATE,
        same.pk: PRESENT,
        changed.pk: ABSENT,
        unexplained.pk: PRESENT,
    }


def test_roll_call_with_nobody_writes_nothing(session, trainer):
    result = take_roll(session=session, entries=[], by=trainer, at=IN_CLASS)
    assert (result.saved, result.corrected, result.unchanged, result.refused) == ([], [], [], {})


@on_sqlite_too
def test_roll_call_refuses_a_person_or_a_client_id_twice(session, run, trainer):
    one, two = enrol_many(run, 2)
    client_id = uuid4()
    for twice in (
        [entry(one), entry(one)],
        [RollEntry(person.pk, PRESENT, client_id) for person in (one, two)],
    ):
        with pytest.raises(ValueError, match="twice"):
            take_roll(session=session, entries=twice, by=trainer, at=IN_CLASS)


@shared
def hours_required(run):
    ask(run, attendance_hours={"percent": 100})


@pytest.mark.parametrize("count", [1, 500])
def test_roll_call_costs_the_same_queries_for_any_number(
    session, run, trainer, django_assert_num_queries, count
):
    ask(
        run,
        attendance_hours={"percent": 100},
        lessons={"percent": 100},
        quizzes={"pass_percent": 50},
    )
    people = enrol_many(run, count)
    entries = [entry(person) for person in people]
    with django_assert_num_queries(14):
        take_roll(session=session, entries=entries, by=trainer, at=IN_CLASS)
    assert AttendanceRecord.objects.filter(session=session, minutes=210).count() == count


def test_roll_call_that_completes_five_hundred_takes_sixteen_queries(
    session, run, trainer, hours_required, django_assert_num_queries
):
    people = enrol_many(run, 500)
    with django_assert_num_queries(16):
        take_roll(session=session, entries=[entry(p) for p in people], by=trainer, at=IN_CLASS)
    assert run.enrolments.filter(status=EnrolmentStatus.COMPLETED).count() == 500


def test_marks_of_one_session_leave_the_other_alone(session, run, person, trainer):
    second = SessionFactory(run=run, starts_at=session.starts_at + timedelta(hours=5))
    note(session, person, PRESENT, trainer)
    note(second, person, ABSENT, trainer)
    assert list(AttendanceRecord.objects.order_by("session").values_list("session", "status")) == [
        (session.pk, PRESENT),
        (second.pk, ABSENT),
    ]


@pytest.mark.parametrize("is_known_early", [True, False])
def test_roll_is_asked_about_before_the_session_begins_and_refused_on_another_day(
    session, is_known_early
):
    def begun(**ago):
        at = session.starts_at - timedelta(**ago)
        require_begun(session=session, at=at, is_known_early=is_known_early)

    begun(seconds=0)
    if is_known_early:
        begun(seconds=1)
    else:
        with raises_refusal("session_not_begun") as caught:
            begun(seconds=1)
        assert "08:00" in caught.value.message
    with raises_refusal("session_not_yet"):
        begun(days=1)


@on_sqlite_too
def test_who_left_early_is_noted_with_it_and_stays_so_when_nothing_is_said(
    session, person, trainer
):
    record = note(session, person, LATE, trainer, minutes_late=10, minutes_left_early=30)
    assert (record.mark.minutes_late, record.mark.minutes_left_early) == (10, 30)
    assert record.minutes == 170
    # Whatever it was noted with: one who was late, or there from the beginning.
    record = note(session, person, PRESENT, trainer, reason="Đúng giờ")
    assert (record.mark.minutes_left_early, record.minutes) == (30, 180)
    record = note(session, person, LATE, trainer, minutes_late=20, reason="Đến muộn")
    assert (record.mark.minutes_left_early, record.minutes) == (30, 160)


def test_lateness_may_reach_into_the_time_of_the_breaks(session, person, trainer):
    set_fields(session, break_minutes=30)
    assert note(session, person, LATE, trainer, minutes_late=200).minutes == 0
