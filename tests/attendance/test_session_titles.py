"""The session in the title or in the name of a sheet, as offices write it."""

import pytest

from attendance.resources.marks import AttendanceResource
from attendance.resources.session_titles import session_day_in, session_number_in
from lms.spreadsheets.import_rows import Surroundings


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Buổi 3", "3"),
        ("ĐIỂM DANH BUỔI THỨ 12 LỚP KB-01", "12"),
        ("Buổi học số: 2", "2"),
        ("Buổi 1, buổi 2", ""),
        ("Buổi sáng 12/5/2014", ""),
        ("Buổi 12/5/2014", ""),
    ],
)
def test_number_stands_behind_the_word_for_a_session(text, number):
    assert session_number_in(["Lớp KB-01", text]) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Điểm danh ngày 12/5/2014", "12/05/2014"),
        ("12-5-2014", "12/05/2014"),
        ("Ngày 12 tháng 5 năm 2014", "12/05/2014"),
        ("Kim Bảng, ngày 12 tháng 5 năm 2014", ""),
        ("Từ ngày 12/5/2014 đến ngày 14/5/2014", ""),
        ("Ngày 32/5/2014", ""),
        ("Tải về lúc 21:53 12/05/2014, người tải: Trần Thị Hà, số dòng: 19", ""),
        ("Downloaded on 21:53 12/05/2014 by Trần Thị Hà, rows: 19", ""),
        ("In ngày 12/5/2014", ""),
    ],
)
def test_day_is_that_of_the_session_and_not_of_the_letter(text, day):
    assert session_day_in(["Lớp KB-01", text]) == day


def test_surroundings_tell_class_and_session_of_a_list(edition, coordinator):
    resource = AttendanceResource(by=coordinator, day=None, edition_id=edition.pk)
    head = ("ĐIỂM DANH LỚP KB-01 TẠI XÃ NGUYỄN ÚY", "Ngày 12/5/2014")

    assert resource.read_around(Surroundings(head=head)) == {
        "run_code": "KB-01",
        "day": "12/05/2014",
    }
    assert resource.read_around(Surroundings(sheet="Buổi 2", head=head)) == {
        "run_code": "KB-01",
        "number": "2",
    }
