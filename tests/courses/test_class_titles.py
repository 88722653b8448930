"""The class in the title of a list, as offices write it."""

from datetime import date

import pytest

from courses.resources.class_titles import class_code_in
from tests.factories.accounts import PostingFactory
from tests.factories.courses import make_course, make_run
from tests.factories.geography import unit
from tests.factories.importing import rehearsed, sheet


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DANH SÁCH HỌC VIÊN LỚP DA2-KB-01", "DA2-KB-01"),
        ("Lớp da2-kb-01", "da2-kb-01"),
        ("Mã lớp: KB01, khai giảng 12/5/2014", "KB01"),
        ("LỚP TẬP HUẤN: KB-01", "KB-01"),
        ("lớp học số KB/2014", "KB/2014"),
        ("Danh sách lớp tập huấn cộng tác viên năm 2014", ""),
        ("Lớp 1", ""),
        ("Lớp KB-01 và lớp KB-02", ""),
        ("", ""),
    ],
)
def test_code_stands_behind_the_word_for_a_class(text, code):
    assert class_code_in([text]) == code


def test_class_of_the_title_or_of_a_group_takes_the_rows_in(edition, coordinator):
    course = make_course()
    runs = [make_run(course, unit("350"), code=f"DA2-KB-{number}") for number in (1, 2)]
    person = PostingFactory(unit=unit("13384"), valid_from=date(2014, 1, 1)).user
    rows = [
        ("Mã cán bộ", "Họ và tên", "Năm sinh", "SĐT"),
        (person.staff_code, person.full_name, "", ""),
        ("II. Lớp DA2-KB-2", "", "", ""),
        (person.staff_code, person.full_name, "", ""),
    ]

    batch = rehearsed(
        sheet(*rows, header=("HỌC VIÊN LỚP DA2-KB-1",)), by=coordinator, kind="enrolments"
    )

    assert [row.cells["run_code"] for row in batch.rows.all()] == [run.code for run in runs]
    assert "unit" not in batch.choices["columns"]
