"""Attendance of past classes, taken in from a list."""

from datetime import datetime, timedelta

from django.utils import timezone

from attendance.domain.hours.rebuilding import find_differences
from attendance.domain.roll.queries import RecordedStatus, latest_mark_id, noted_by
from attendance.domain.roll.undo import NOTED_SINCE
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark, AttendanceRecord
from courses.models import Enrolment
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import assign_role
from lms.importing.domain.confirming import ask_to_confirm, confirm
from lms.importing.domain.undoing import ask_to_undo, undo
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.courses import HANOI, ask
from tests.factories.geography import unit
from tests.factories.importing import outcomes, rehearsed, sheet, take_back, write
from tests.factories.rows import status_of
from tests.shared import shared

HEADER = ("Mã lớp", "Mã cán bộ", "Buổi", "Ngày học", "Điểm danh", "Số phút muộn")


@shared
def run(edition):
    return make_class(code="KB-01")


@shared
def session(run):
    return SessionFactory(run=run)


def row(enrolment, status="x", number="1", day="", late="", code="KB-01"):
    return (code, enrolment.user.staff_code, number, day, status, late)


def listed(*rows, by):
    return rehearsed(sheet(*rows, header=HEADER), by=by, kind="attendance")


def settled():
    return dict(AttendanceRecord.objects.order_by("pk").values_list("enrolment", "status"))


def test_words_and_signs_of_paper_rolls_are_read(run, session, coordinator):
    statuses = {
        "Có mặt": "present",
        "x": "present",
        "đi muộn": "late",
        "Muộn": "late",
        "Vắng có phép": "excused",
        "P": "excused",
        "vắng": "absent",
        "V": "absent",
    }
    people = enrol_many(run, len(statuses))

    write(listed(*map(row, people, statuses), by=coordinator))

    assert settled() == dict(zip((one.pk for one in people), statuses.values(), strict=True))


def test_marks_are_noted_by_the_person_who_imports_and_completion_follows(
    run, session, coordinator
):
    ask(run, attendance_hours={"percent": 100})
    (enrolment,) = enrol_many(run, 1)

    write(listed(row(enrolment), by=coordinator))

    mark = AttendanceMark.objects.get()
    assert (mark.marked_by, mark.method) == (coordinator, "imported")
    assert status_of(enrolment) == "completed"


def test_undo_takes_back_by_further_marks_and_the_completion_with_them(run, session, coordinator):
    ask(run, attendance_hours={"percent": 100})
    new, known = enrol_many(run, 2)
    late = entry(known, AttendanceStatus.LATE, minutes_late=10, minutes_left_early=5)
    take_roll(session=session, entries=[late], by=coordinator, at=IN_CLASS)
    batch = write(listed(row(new), row(known, "v"), by=coordinator))
    assert settled() == {known.pk: "absent", new.pk: "present"}

    take_back(batch)

    assert settled() == {known.pk: "late"}
    marks = AttendanceMark.objects.order_by("pk").values_list(
        "enrolment", "status", "minutes_late", "minutes_left_early", "method"
    )
    assert list(marks)[1:] == [
        (new.pk, "present", 0, 0, "imported"),
        (known.pk, "absent", 0, 0, "correction"),
        (new.pk, "present", 0, 0, "taken_back"),
        (known.pk, "late", 10, 5, "correction"),
    ]
    [why] = {mark.reason for mark in AttendanceMark.objects.order_by("-pk")[:2]}
    assert why
    assert list(find_differences()) == []
    new.refresh_from_db()
    assert (new.status, batch.state) == ("active", "undone")


def test_mark_that_was_corrected_since_is_left_with_the_reason(run, session, coordinator):
    (enrolment,) = enrol_many(run, 1)
    batch = write(listed(row(enrolment), by=coordinator))
    again = entry(enrolment, AttendanceStatus.ABSENT, reason="Xem lại giấy")
    take_roll(session=session, entries=[again], by=coordinator, at=timezone.now())

    take_back(batch)

    assert settled() == {enrolment.pk: "absent"}
    assert batch.rows.get().writes.get().left == [NOTED_SINCE]


def test_after_an_undo_nothing_is_noted_and_a_roll_is_no_correction(run, session, coordinator):
    (enrolment,) = enrol_many(run, 1)
    take_back(write(listed(row(enrolment), by=coordinator)))

    last = latest_mark_id(session=session)
    shown = noted_by(session=session, last_mark_id=last, reader=coordinator)
    result = take_roll(
        session=session, entries=[entry(enrolment)], by=coordinator, at=timezone.now()
    )

    assert shown == {enrolment.pk: RecordedStatus("active")}
    assert (result.saved, settled()) == ([enrolment.pk], {enrolment.pk: "present"})


def test_session_is_found_by_its_day(run, session, coordinator):
    SessionFactory(run=run, starts_at=datetime(2014, 5, 7, 8, 0, tzinfo=HANOI))
    (enrolment,) = enrol_many(run, 1)

    write(listed(row(enrolment, number="", day="06/05/2014"), by=coordinator))

    assert AttendanceRecord.objects.get().session == session


def test_written_list_comes_back_as_same(session, coordinator, person):
    # The class is known by its code in small letters as well.
    rows = [row(person, "muộn", late="10 phút", code="kb-01")]
    write(listed(*rows, by=coordinator))

    assert outcomes(listed(*rows, by=coordinator)) == ["same"]
    assert AttendanceMark.objects.get().minutes_late == 10


def errors_of(*cells, by):
    return list(listed(*cells, by=by).rows.last().errors)


def test_what_cannot_be_noted_is_told_in_its_cell(run, session, coordinator):
    wrong = [
        ({"code": "XX"}, "run_code"),
        ({"number": "3"}, "number"),
        ({"number": ""}, "number"),
        ({"number": "đầu tiên"}, "number"),
        ({"number": "", "day": "07/05/2014"}, "day"),
        ({"status": "ốm"}, "status"),
        ({"status": ""}, "status"),
        ({"status": "muộn", "late": "500"}, "minutes_late"),
        ({"late": "nhiều"}, "minutes_late"),
    ]
    people = enrol_many(run, len(wrong))

    batch = listed(
        *(row(one, **changes) for one, (changes, _cell) in zip(people, wrong, strict=True)),
        by=coordinator,
    )

    for told, (changes, cell) in zip(batch.rows.order_by("number"), wrong, strict=True):
        assert cell in told.errors, changes


def test_two_sessions_of_one_day_ask_for_the_number(run, session, coordinator):
    SessionFactory(
        run=run,
        starts_at=session.starts_at + timedelta(hours=5),
        ends_at=session.ends_at + timedelta(hours=5),
    )
    (enrolment,) = enrol_many(run, 1)

    assert errors_of(row(enrolment, number="", day="06/05/2014"), by=coordinator) == ["day"]


def test_person_out_of_the_class_withdrawn_or_twice_is_refused(run, session, coordinator):
    inside, withdrawn = enrol_many(run, 2)
    Enrolment.objects.filter(pk=withdrawn.pk).update(status="withdrawn")
    outside = PostingFactory(unit=unit("13387")).user
    batch = listed(
        row(inside),
        row(inside, "v"),
        row(withdrawn),
        ("KB-01", outside.staff_code, "1", "", "x", ""),
        by=coordinator,
    )

    assert outcomes(batch) == ["new", "error", "error", "error"]


def test_class_of_another_district_is_not_known(session, edition):
    stranger = UserFactory()
    assign_role(user=stranger, role=Role.COORDINATOR, unit=unit("353"))
    (enrolment,) = enrol_many(session.run, 1)

    errors = listed(row(enrolment), by=stranger).rows.get().error_codes

    assert errors == {"run_code": ["unknown_class"]}


def test_session_to_come_is_not_noted(run, coordinator):
    SessionFactory(
        run=run,
        starts_at=timezone.now() + timedelta(days=3),
        ends_at=timezone.now() + timedelta(days=3, hours=3),
    )
    (enrolment,) = enrol_many(run, 1)

    assert errors_of(row(enrolment), by=coordinator) == ["run_code"]


def test_queries_grow_neither_in_writing_nor_in_undoing(
    run, session, coordinator, django_assert_max_num_queries, django_assert_num_queries
):
    write(listed(row(enrol_many(run, 1)[0]), by=coordinator))
    one, three = (
        listed(*[row(enrolment) for enrolment in enrol_many(run, count)], by=coordinator)
        for count in (1, 3)
    )
    for step, limit in ((confirm, 45), (undo, 40)):
        for batch in (one, three):
            batch.refresh_from_db()
            if step is confirm:
                ask_to_confirm(batch=batch)
            else:
                ask_to_undo(batch=batch, by=coordinator, at=timezone.now())
        with django_assert_max_num_queries(limit) as captured:
            step(batch_id=one.pk)
        with django_assert_num_queries(len(captured)):
            step(batch_id=three.pk)
