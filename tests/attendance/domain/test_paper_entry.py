"""What is typed from a signed sheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.domain.paper.typed_sheet import PaperMark, read_paper
from attendance.enums import AttendanceStatus

PRESENT, LATE, EXCUSED, ABSENT = AttendanceStatus


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("", {}),
        ("3 v", {3: PaperMark(ABSENT)}),
        ("3v, 7 m 15; 9P", {3: PaperMark(ABSENT), 7: PaperMark(LATE, 15), 9: PaperMark(EXCUSED)}),
        ("2. vắng có phép\r\n4: đi muộn 5 phút", {2: PaperMark(EXCUSED), 4: PaperMark(LATE, 5)}),
        ("8-10 x", dict.fromkeys((8, 9, 10), PaperMark(PRESENT))),
        ("9 s 20", {9: PaperMark(PRESENT, 0, 20)}),
        ("7 m 15 s 20, 8 x s20", {7: PaperMark(LATE, 15, 20), 8: PaperMark(PRESENT, 0, 20)}),
        ("4 đi muộn 5 phút về sớm 10 phút", {4: PaperMark(LATE, 5, 10)}),
        ("6 x s 0", {6: PaperMark(PRESENT, 0, 0)}),
        ("1 m", {1: PaperMark(LATE)}),
        ("1 v, 1 v", {1: PaperMark(ABSENT)}),
    ],
)
def test_sheet_is_read(text, marks):
    reading = read_paper(text, count=10)

    assert (reading.marks, reading.refused) == (marks, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("v", "unreadable"), ("3", "unreadable"), ("3 v 4 v", "unreadable"),
        ("99999 v", "unreadable"), ("3 q", "unknown_status"), ("0 v", "no_such_number"),
        ("11 v", "no_such_number"), ("9-11 v", "no_such_number"), ("5-3 v", "no_such_number"),
        ("3 v 15", "minutes_without_late"), ("3 v s 20", "left_early_when_away"),
        ("3 s", "unknown_status"), ("3 v, 2-4 p", "number_twice"), ("3 m 5, 3 m 6", "number_twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(text, code):
    assert [one.code for one in read_paper(text, count=10).refused] == [code]


@given(text=st.text(max_size=60), count=st.integers(0, 40))
def test_any_text_gives_marks_of_the_sheet_or_a_refusal(text, count):
    reading = read_paper(text, count=count)

    assert all(1 <= number <= count for number in reading.marks)
    assert reading.marks or reading.refused or not text.strip(",;\n \t\r")
