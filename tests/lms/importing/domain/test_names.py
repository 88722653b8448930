"""Names in a list of people: what is told in the row, and what is written."""

import pytest

from lms.accounts.models import User
from lms.importing.domain.confirming import ask_to_confirm, confirm
from tests.factories.importing import rehearsed, sheet

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite("JSON that is asked by its keys, written and read"),
]


def cells(name, code="", year="1980", phone="", commune="Quế"):
    return (code, name, year, "Nữ", phone, commune, "CTV")


def rows_of(*rows, by):
    return list(rehearsed(sheet(*rows), by=by).rows.order_by("number"))


def test_what_stands_around_names_is_told_and_not_written(coordinator):
    batch = rehearsed(
        sheet(cells("1. Bà Nguyễn Thị Hương (CTV thôn 2)"), cells("Hoa"), cells("Lê Thị Bé")),
        by=coordinator,
    )
    around, lone, clean = batch.rows.order_by("number")

    assert "1. Bà (CTV thôn 2)" in around.notes["full_name"]
    assert [row.warnings.keys() for row in (around, lone, clean)] == [set(), {"full_name"}, set()]
    assert "full_name" not in clean.notes

    ask_to_confirm(batch=batch)
    confirm(batch_id=batch.pk)
    written = User.objects.filter(year_of_birth=1980).values_list("full_name", flat=True)
    assert set(written) == {"Nguyễn Thị Hương", "Hoa", "Lê Thị Bé"}


def test_person_is_known_whatever_stands_around_the_name(coordinator, make_person):
    huong = make_person("Nguyễn Thị Hương", sex="female", year_of_birth=1980)

    (row,) = rows_of(cells("Đ/c Nguyễn Thị Hương*"), by=coordinator)

    assert (row.outcome, row.target) == ("same", huong.pk)


def test_list_in_capitals_changes_no_name_on_record_and_says_so(coordinator, make_person):
    make_person("Nguyễn Thị Hòa", sex="female", year_of_birth=1980)

    known, new = rows_of(cells("NGUYỄN THỊ HOÀ"), cells("ĐỖ THỊ BÉ"), by=coordinator)

    assert (known.outcome, known.changes) == ("same", [])
    assert "Nguyễn Thị Hòa" in known.notes["full_name"]
    assert ["full_name", "", "Đỗ Thị Bé"] in new.changes
    assert "Đỗ Thị Bé" in new.notes["full_name"]


def test_marks_that_come_at_last_are_written(coordinator, make_person):
    make_person("Nguyen Thi Hoa", sex="female", year_of_birth=1980)

    (row,) = rows_of(cells("NGUYỄN THỊ HÒA"), by=coordinator)

    assert ["full_name", "Nguyen Thi Hoa", "Nguyễn Thị Hòa"] in row.changes
