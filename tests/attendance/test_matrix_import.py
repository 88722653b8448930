"""Attendance as the table of an office: people down, sessions across, matched by number or day."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from attendance.models import AttendanceRecord
from attendance.resources.matrix_reading import read_sign, session_in_heading
from courses.models import CourseRun
from tests.factories.attendance import SessionFactory, enrol_many
from tests.factories.importing import outcomes, rehearsed, take_back, write
from tests.factories.rows import set_fields
from tests.shared import shared


@pytest.mark.parametrize(
    ("label", "cells"),
    [
        ("Buổi 1", {"number": "1"}),
        ("BUỔI SỐ 02", {"number": "2"}),
        ("Buổi học / 3", {"number": "3"}),
        ("B4", {"number": "4"}),
        ("06/05", {"day": "06/05"}),
        ("6.5.2014", {"day": "06/05/2014"}),
        ("2014-05-06 00:00:00", {"day": "06/05/2014"}),
        ("Ngày tập huấn / Sáng 06/05", {"day": "06/05", "day_part": "sáng"}),
        ("Thứ 3, ngày 06/05 (chiều)", {"day": "06/05", "day_part": "chiều"}),
        ("Buổi 1 (06/05/2014)", {"number": "1", "day": "06/05/2014"}),
        ("Buổi", {}),
        ("Ngày học", {}),
        ("Sáng", {}),
        ("Tuổi tính đến 01/01/2014", {}),
        ("Tổng số buổi", {}),
        ("Số buổi vắng 1", {}),
    ],
)
def test_heading_of_a_session_is_told_from_others(label, cells):
    assert session_in_heading(label) == cells


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("✓", {"status": "x"}),
        ("1", {"status": "x"}),
        ("0", {"status": "v"}),
        ("½", {"status": "x", "attended": "½"}),
        ("0,5", {"status": "x", "attended": "½"}),
        ("120", {"status": "x", "attended": "120"}),
        ("120 phút", {"status": "x", "attended": "120"}),
        ("x", None),
        ("m 15", None),
        ("", None),
    ],
)
def test_signs_of_offices_are_read(text, cells):
    assert read_sign(text) == cells


@shared
def sessions(run):
    """Morning and afternoon of 6 May, and the morning of the 7th: 210 minutes each."""
    first = SessionFactory(run=run, title="Mở đầu")
    after = timedelta(hours=6), timedelta(days=1)
    return [first, *(SessionFactory(run=run, starts_at=first.starts_at + gap) for gap in after)]


def imported(rows, by, title="DANH SÁCH ĐIỂM DANH LỚP {code}"):
    book = openpyxl.Workbook()
    code = CourseRun.objects.get().code.lower()
    book.active.append([title.format(code=code)])
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    file = SimpleUploadedFile("diem-danh.xlsx", content.getvalue())
    return rehearsed(file, by=by, kind="attendance")


def stored(people):
    records = AttendanceRecord.objects.order_by("session__starts_at")
    return [
        [(one.status, one.minutes) for one in records.filter(enrolment=person)] for person in people
    ]


def errors(batch):
    return {row.address: sorted(row.errors) for row in batch.rows.exclude(errors={})}


def test_table_by_number_becomes_marks_and_is_undone(run, sessions, coordinator):
    people = enrol_many(run, 3)
    for one, name in zip(people, ("Lê Thị Riêng", "Vũ Văn Khoát", "Đỗ Thị Ngần"), strict=True):
        one.user.full_name = name
        one.user.save()
    head = ["STT", "Họ và tên", "Xã", "Buổi 1", "Buổi 2", "Buổi 3", "Ghi chú"]
    signs = (("x", "v", "½"), ("m 15", "p", "120"), ("X", "k", None))
    rows = [
        [number, one.user.full_name, "Nguyễn Úy", *said, None]
        for number, (one, said) in enumerate(zip(people, signs, strict=True), start=1)
    ]
    batch = imported([head, *rows], coordinator)

    assert errors(batch) == {}
    assert outcomes(batch).count("new") == 8
    # Which session is meant is told before anything is written.
    assert len(batch.effects) >= 3
    assert "Mở đầu" in batch.effects[0]

    write(batch)

    assert stored(people) == [
        [("present", 210), ("absent", 0), ("present", 105)],
        [("late", 195), ("excused", 0), ("present", 120)],
        [("present", 210), ("absent", 0)],
    ]
    assert take_back(batch) == set()
    assert stored(people) == [[]] * 3


def test_two_of_one_name_in_the_class_are_a_question(run, sessions, coordinator):
    people = enrol_many(run, 2)
    for one in people:
        one.user.full_name = "Lê Thị Riêng"
        one.user.save()

    batch = imported(
        [["Họ và tên", "Xã", "Buổi 1"], ["Lê Thị Riêng", "Nguyễn Úy", "x"]], coordinator
    )

    assert outcomes(batch) == ["twin"]


@pytest.mark.parametrize(
    ("heading", "halves", "totals"),
    [
        (["Ngày tập huấn"], ["Sáng 06/05", "Chiều 06/05/2014", date(2014, 5, 7)], []),
        (
            ["Ngày 06/05", None, date(2014, 5, 7)],
            ["Sáng", "Chiều", "Sáng"],
            [[None, None, "Tổng số có mặt", 1, 0, 1]],
        ),
    ],
    ids=["days", "halves of days and a row of totals"],
)
def test_days_of_the_heading_find_the_sessions(
    person, sessions, coordinator, heading, halves, totals
):
    rows = [
        ["STT", "Mã cán bộ", "Họ và tên", *heading],
        [None, None, None, *halves],
        [1, person.user.staff_code, person.user.full_name, "x", "v", "x"],
        *totals,
    ]

    batch = write(imported(rows, coordinator))

    assert errors(batch) == {}
    assert [status for status, _minutes in stored([person])[0]] == ["present", "absent", "present"]


def test_numbers_below_one_heading_are_sessions(person, sessions, coordinator):
    rows = [
        ["STT", "Mã cán bộ", "Họ và tên", "Buổi học", None, None],
        [None, None, None, 1, 2, 3],
        [1, person.user.staff_code, person.user.full_name, "x", "v", "x"],
    ]

    assert outcomes(imported(rows, coordinator)) == ["new"] * 3


def test_what_cannot_be_matched_is_refused_in_its_cell(person, sessions, coordinator):
    rows = [
        ["Mã cán bộ", "Họ và tên", "06/05", "Buổi 9", "Buổi 1", "Buổi 2"],
        [person.user.staff_code, person.user.full_name, "x", "x", "999", "đi chơi"],
    ]

    assert errors(imported(rows, coordinator)) == {
        "C3": ["day"],
        "D3": ["number"],
        "E3": ["attended"],
        "F3": ["status"],
    }


def test_table_without_the_class_is_refused(run, person, sessions, coordinator):
    rows = [["Mã cán bộ", "Họ và tên", "Buổi 1"], [person.user.staff_code, "", "x"]]

    assert errors(imported(rows, coordinator, title="ĐIỂM DANH")) == {"C3": ["run_code"]}
    set_fields(run, code="DA2-KB-01")
    assert errors(imported(rows, coordinator)) == {}
