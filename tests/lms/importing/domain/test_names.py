"""Names in a list of people: what is told in the row, and what is written."""

import pytest

from lms.accounts.models import User
from tests.factories.importing import rehearsed, sheet, write

on_sqlite_too = pytest.mark.sqlite("names that are looked for without marks and case")


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

    write(batch)
    written = User.objects.filter(year_of_birth=1980).values_list("full_name", flat=True)
    assert set(written) == {"Nguyễn Thị Hương", "Hoa", "Lê Thị Bé"}


@on_sqlite_too
def test_person_is_known_whatever_stands_around_the_name(coordinator, make_person):
    huong = make_person("Nguyễn Thị Hương", sex="female", year_of_birth=1980)

    (row,) = rows_of(cells("Đ/c Nguyễn Thị Hương*"), by=coordinator)

    assert (row.outcome, row.target) == ("same", huong.pk)


@on_sqlite_too
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


@pytest.fixture
def make_known(make_person):
    def make(name, **fields):
        return make_person(name, sex="female", year_of_birth=1980, **fields)

    return make


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("Phan Thị Hà", "Phan Thị Hạ"),
        ("Phan Thị Hạ", "PHAN THỊ HÀ"),
        ("Phan Thanh Hoa", "Phan Thanh Hòa"),
        ("Phan Thanh Hòa", "Phan Thanh Hoa"),
    ],
)
@pytest.mark.parametrize("phone", ["", "0912345678"])
@pytest.mark.parametrize("code", ["", "KB-9001"])
def test_names_equal_but_for_a_tone_are_a_question(
    coordinator, make_known, stored, told, phone, code
):
    known = make_known(stored, phone="+84912345678")

    (row,) = rows_of(cells(told, phone=phone, code=code), by=coordinator)

    assert (row.outcome, row.candidates, row.changes) == ("twin", [known.pk], [])


@pytest.mark.parametrize("year", ["1985", ""])
def test_name_of_another_tone_year_and_code_is_another_person(coordinator, make_known, year):
    make_known("Phan Thị Hà")

    (row,) = rows_of(cells("Phan Thị Hạ", year=year, code="KB-9001"), by=coordinator)

    assert row.outcome == "new"


@on_sqlite_too
def test_each_of_two_names_that_differ_in_the_tone_finds_its_own_but_without_marks(
    coordinator, make_known
):
    people = [make_known(name).pk for name in ("Phan Thị Hà", "Phan Thị Hạ")]

    rows = rows_of(cells("Phan Thị Hà"), cells("Phan Thị Hạ"), by=coordinator)
    (asked,) = rows_of(cells("Phan Thi Ha"), by=coordinator)

    assert [(row.outcome, row.target) for row in rows] == [("same", pk) for pk in people]
    assert (asked.outcome, asked.candidates) == ("twin", people)


def test_new_people_whose_names_differ_in_the_tone_are_two(coordinator):
    rows = rows_of(
        cells("Phan Thị Hà"), cells("Phan Thị Hạ"), cells("Phan Thị Hoà"), by=coordinator
    )

    assert [row.outcome for row in rows] == ["new", "new", "new"]


@on_sqlite_too
@pytest.mark.parametrize("told", ["Phan Thị Hoà", "PHAN THỊ HOÀ", "Phan Thi Hoa"])
def test_tone_placed_elsewhere_or_left_out_is_the_same_person_and_told(
    coordinator, make_known, told
):
    known = make_known("Phan Thị Hòa")

    (row,) = rows_of(cells(told), by=coordinator)

    assert (row.outcome, row.target) == ("same", known.pk)
    assert "Phan Thị Hòa" in row.notes["full_name"]


@on_sqlite_too
def test_list_wholly_without_marks_means_whoever_has_them(coordinator, make_known):
    known = make_known("Phan Thanh Hòa")

    unmarked = ("", "Phan Thanh Hoa", "1980", "Nu", "", "Que", "CTV")
    (row,) = list(rehearsed(sheet(unmarked), by=coordinator).rows.all())

    assert (row.outcome, row.target) == ("same", known.pk)


def test_tone_placed_in_two_ways_is_asked_about_as_one_person(coordinator):
    rows = rows_of(cells("Phan Thị Hòa"), cells("Phan Thị Hoà"), by=coordinator)

    assert [row.outcome for row in rows] == ["new", "twin"]


def test_two_who_share_a_phone_and_differ_in_the_tone_both_go_in(coordinator):
    phone = "0912345678"
    rows = rows_of(
        cells("Phan Thị Hà", phone=phone), cells("Phan Thị Hạ", phone=phone), by=coordinator
    )

    assert [row.outcome for row in rows] == ["new", "new"]
    assert ["phone" in row.warnings for row in rows] == [False, True]
