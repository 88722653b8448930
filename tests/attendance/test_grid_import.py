"""The grid of a class as a file that comes back: cell by cell, by the codes in it."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from attendance.domain.grid import GridCell
from attendance.domain.paper.sheet_codes import sheet_code
from attendance.domain.register.sign_off import sign_session
from attendance.domain.status_words import sign_of
from attendance.enums import PRESENT_STATUSES, AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord
from attendance.resources.grid_reading import read_cell
from attendance.resources.noted_records import name_some
from courses.enums import EnrolmentStatus
from courses.models import Enrolment
from lms.core.codes import group_code
from tests.factories.accounts import browse
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, record_mark
from tests.factories.courses import ask
from tests.factories.files import without_head
from tests.factories.importing import outcomes, rehearsed, take_back, write
from tests.factories.rows import status_of
from tests.reading import html_of
from tests.refusing import raises_refusal
from tests.shared import shared

FIRST = 5  # Column E: after class code, staff code, name and unit.


@given(
    status=st.sampled_from(AttendanceStatus),
    minutes=st.integers(0, 999),
    late=st.integers(0, 999),
    early=st.integers(0, 999),
)
def test_every_cell_that_is_written_is_read_as_the_same(status, minutes, late, early):
    late = late if status == AttendanceStatus.LATE else 0
    early = early if status in PRESENT_STATUSES else 0

    read = read_cell(str(GridCell(status, minutes, late, early)))

    # As the sheet says it, so that whoever looks at what was read knows it again.
    assert read["status"] == sign_of(status)
    assert int(read.get("minutes_late", 0)) == late
    assert int(read.get("minutes_left_early", 0)) == early
    assert int(read["minutes"]) == minutes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("15", "unreadable"),
        ("x 15", "minutes_without_late"),
        ("v s 10", "left_early_when_away"),
        ("đi chơi", "unknown_status"),
    ],
)
def test_cell_that_cannot_be_read_says_why(text, code):
    with raises_refusal(code):
        read_cell(text)


@shared
def sessions(session):
    day = timedelta(days=1)
    return [session, SessionFactory(run=session.run, starts_at=session.starts_at + day)]


@shared
def people(run, sessions, trainer):
    """Five people: each status of the first session, of the last of them nothing."""
    people = enrol_many(run, 5)
    said = (
        {"status": "present", "minutes_left_early": 20},
        {"status": "late", "minutes_late": 15, "minutes_left_early": 5},
        {"status": "excused"},
        {"status": "absent"},
    )
    for person, one in zip(people, said, strict=False):
        record_mark(session=sessions[0], enrolment=person, by=trainer, at=IN_CLASS, **one)
    return people


def downloaded(run, by):
    """The workbook as it is downloaded."""
    address = reverse("attendance:run_grid_file", args=[run.pk]) + "?export=xlsx"
    return openpyxl.load_workbook(io.BytesIO(b"".join(browse(by).get(address).streaming_content)))


def exported(run, by):
    """The workbook without its head, so that its headings stand in row 1."""
    book = downloaded(run, by)
    without_head(book.active)
    return book


def imported(book, by):
    content = io.BytesIO()
    book.save(content)
    file = SimpleUploadedFile("bang.xlsx", content.getvalue())
    return rehearsed(file, by=by, kind="attendance")


def found(batch, outcome):
    rows = batch.rows.filter(outcome=outcome)
    return {row.address: next(iter(row.errors), "") for row in rows}


@pytest.mark.parametrize(("count", "is_cut"), [(10, False), (11, True)])
def test_many_names_are_cut_short(count, is_cut):
    told = name_some([f"Người {number:02}" for number in range(count)])

    assert ("Người 09" in told, "Người 10" in told) == (True, False)
    assert told.endswith("Người 09") != is_cut


def test_untouched_file_says_same_for_every_cell(run, people, trainer):
    batch = imported(downloaded(run, trainer), trainer)

    assert batch.state == "rehearsed"
    assert outcomes(batch) == ["same"] * 10
    assert not batch.rows.exclude(warnings={}).exists()
    assert batch.effects == []


def test_table_of_sixty_sessions_goes_out_and_comes_back_whole(run, person, trainer):
    first = SessionFactory(run=run, starts_at=IN_CLASS)
    days = [first.starts_at + timedelta(days=day) for day in range(1, 60)]
    sessions = [first, *(SessionFactory(run=run, starts_at=begin) for begin in days)]
    for one in (sessions[30], sessions[59]):
        record_mark(session=one, enrolment=person, by=trainer, at=one.ends_at, status="late")
    book = exported(run, trainer)
    assert book.active.cell(2, FIRST + 59).value.startswith("m")
    book.active.cell(2, FIRST + 59).value = "v"

    batch = imported(book, trainer)

    assert found(batch, "changed") == {book.active.cell(2, FIRST + 59).coordinate: ""}
    assert outcomes(batch).count("same") == 59


def test_changed_cells_become_marks_and_can_be_undone(run, sessions, people, trainer):
    book = exported(run, trainer)
    sheet = book.active
    sheet.cell(2, FIRST).value = "m 30"
    sheet.cell(6, FIRST + 1).value = "x · 0"
    before = dict(AttendanceRecord.objects.values_list("pk", "mark__status"))

    batch = imported(book, trainer)

    assert found(batch, "changed") == {"E2": ""}
    assert found(batch, "new") == {"F6": ""}
    write(batch)
    corrected, new = AttendanceMark.objects.order_by("-pk")[:2][::-1]
    assert (corrected.method, corrected.minutes_late) == (MarkMethod.CORRECTION, 30)
    assert corrected.reason
    assert (new.method, new.session) == (MarkMethod.IMPORTED, sessions[1])
    assert imported(exported(run, trainer), trainer).rows.exclude(outcome="same").count() == 0
    assert take_back(batch) == set()
    assert dict(AttendanceRecord.objects.values_list("pk", "mark__status")) == before
    assert AttendanceRecord.objects.get(enrolment=people[0]).mark.minutes_left_early == 20


def test_columns_are_known_by_their_code_wherever_they_stand(run, sessions, people, trainer):
    book = exported(run, trainer)
    sheet = book.active
    code = group_code(sheet_code(session_id=sessions[0].pk))
    sheet.move_range("E1:E6", cols=6)
    sheet.move_range("F1:F6", cols=-1)
    sheet["K1"] = f"Buổi sáng [{code}] đã sửa"
    # A head above several columns, and a column of one's own.
    sheet.insert_rows(1)
    sheet["A1"] = "BẢNG ĐIỂM DANH"
    sheet.merge_cells("A1:K1")
    sheet["L2"], sheet["L3"] = "Ghi chú", "gọi lại"
    sheet["K3"] = "v"

    batch = imported(book, trainer)

    assert found(batch, "changed") == {"K3": ""}
    assert batch.rows.filter(outcome="same").count() == 9
    assert any(text == "L2 Ghi chú" for _number, _reason, text, _sheet in batch.left_out)


def test_what_is_unknown_is_told_by_its_cell(run, people, trainer, other_trainer):
    book = exported(run, trainer)
    sheet = book.active
    sheet["A2"] = "LOP-KHAC"
    sheet["B3"] = "KHONG-CO"
    sheet["E4"] = "đi chơi"
    sheet["F1"] = str(sheet["F1"].value)[:-3] + "22]"
    sheet["E5"] = "m 999"
    sheet["E6"] = "=1/0"

    batch = imported(book, trainer)

    assert found(batch, "error") == {
        "F1": "session_code",
        "E2": "run_code",
        "E3": "staff_code",
        "E4": "status",
        "E5": "minutes_late",
    }
    # The sessions of a class of somebody else are as if they were not there.
    foreign = imported(exported(run, trainer), other_trainer)
    assert set(found(foreign, "error").values()) == {"session_code"}


def test_sessions_named_twice_are_refused_once(run, people, trainer):
    book = exported(run, trainer)
    sheet = book.active
    sheet["I1"] = sheet["E1"].value
    sheet["I2"] = "v"

    batch = imported(book, trainer)

    assert set(found(batch, "error")) == {"I2", "I3", "I4", "I5", "I6"}


def test_emptied_cell_and_other_minutes_change_nothing_and_are_told(run, people, trainer):
    book = exported(run, trainer)
    book.active["E2"] = None
    book.active["E3"] = "m 15 s 5 · 10"

    batch = imported(book, trainer)

    assert outcomes(batch) == ["same"] * 10
    warned = batch.rows.exclude(warnings={})
    assert {row.address: set(row.warnings) for row in warned} == {
        "E2": {"status"},
        "E3": {"minutes"},
    }


def test_signed_session_and_who_has_withdrawn_are_refused_only_where_something_changes(
    run, sessions, people, trainer
):
    book = exported(run, trainer)
    Enrolment.objects.filter(pk=people[1].pk).update(status=EnrolmentStatus.WITHDRAWN)
    record_mark(session=sessions[0], enrolment=people[4], by=trainer, at=IN_CLASS)
    sign_session(session=sessions[0], by=trainer, at=sessions[0].ends_at + timedelta(days=3))
    book.active["E2"] = "x"
    book.active["F3"] = "x"
    book.active["F4"] = "x"

    batch = imported(book, trainer)

    assert set(found(batch, "error")) == {"E2", "F3"}
    assert set(found(batch, "new")) == {"F4"}
    assert batch.rows.get(address="E3").outcome == "same"


def test_rehearsal_tells_whose_completion_would_be_withdrawn(run, session, trainer):
    ask(run, attendance_hours={"percent": 50})
    present, absent = enrol_many(run, 2)
    record_mark(session=session, enrolment=present, by=trainer, at=IN_CLASS)
    record_mark(session=session, enrolment=absent, by=trainer, at=IN_CLASS, status="absent")
    assert status_of(present) == EnrolmentStatus.COMPLETED
    book = exported(run, trainer)
    lines = {row[1].value: row[0].row for row in book.active.iter_rows(min_row=2)}
    book.active.cell(lines[present.user.staff_code], FIRST).value = "v"
    book.active.cell(lines[absent.user.staff_code], FIRST).value = "x"

    batch = imported(book, trainer)

    withdrawn, completed = batch.effects
    assert present.user.full_name in withdrawn
    assert absent.user.full_name in completed
    assert status_of(present) == EnrolmentStatus.COMPLETED
    assert AttendanceMark.objects.count() == 2
    page = html_of(browse(trainer).get(reverse("imports:inspect", args=[batch.pk])))
    assert withdrawn in page
    assert "E2</th>" in page
