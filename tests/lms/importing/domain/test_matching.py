"""Who is meant by a row: one person stays one person, and nobody is named out of sight."""

import pytest

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.importing.domain.choose_candidate import choose
from lms.importing.domain.confirming import ask_to_confirm, confirm
from lms.spreadsheets.import_rows import SOMEBODY_NEW
from tests.factories.importing import outcomes, rehearsed, sheet, write, wrong_cells
from tests.reading import numbers
from tests.refusing import raises_refusal

on_sqlite_too = pytest.mark.sqlite("names that are looked for, and choices in JSON")

HUONG = {"sex": "female", "year_of_birth": 1980}


def cells(code="", name="Nguyễn Thị Hương", year="1980", phone="", commune="Quế"):
    return (code, name, year, "Nữ", phone, commune, "CTV")


def rehearse_one(*row, by):
    return rehearsed(sheet(row), by=by).rows.get()


def errors_of(*row, by):
    return rehearse_one(*row, by=by).error_codes


@pytest.fixture
def huong(make_person):
    return make_person("Nguyễn Thị Hương", phone="+84912345678", **HUONG)


@on_sqlite_too
def test_staff_code_says_who_is_meant(coordinator, huong):
    row = rehearse_one(*cells(huong.staff_code.lower(), name="Nguyễn Thị Hường"), by=coordinator)

    assert (row.outcome, row.target) == ("changed", huong.pk)


SAME = ("same", True, False)
TWIN = ("twin", False, True)
NOBODY = ("new", False, False)


@pytest.mark.parametrize(
    ("code", "changes", "found"),
    [
        ("", {"name": "nguyen thi huong", "year": "", "phone": "912345678"}, SAME),
        ("", {}, SAME),
        ("", {"year": ""}, TWIN),
        ("", {"name": "Trần Văn Nhà", "phone": "0912345678"}, TWIN),
        ("KB-9001", {}, TWIN),
        ("KB-9001", {"year": "1985"}, NOBODY),
        ("KB-9001", {"commune": "Nguyễn Úy"}, NOBODY),
        ("KB-9001", {"name": ""}, ("error", False, False)),
    ],
    ids=[
        *("phone and name", "name, year and commune", "name alone", "phone with another name"),
        *("namesake with another code", "of another year", "elsewhere", "without a name"),
    ],
)
def test_who_is_meant_is_said_by_several_things_that_agree(
    coordinator, huong, code, changes, found
):
    row = rehearse_one(*cells(code, **changes), by=coordinator)

    assert (row.outcome, row.target == huong.pk, row.candidates == [huong.pk]) == found


@on_sqlite_too
def test_namesakes_of_one_year_in_one_commune_are_both_candidates(coordinator, huong, make_person):
    other = make_person("Nguyễn Thị Hương", **HUONG)

    row = rehearse_one(*cells(), by=coordinator)

    assert (row.outcome, row.candidates) == ("twin", [huong.pk, other.pk])


def test_namesake_of_another_district_is_never_a_candidate(coordinator, make_person):
    make_person("Nguyễn Thị Hương", code="13591", **HUONG)

    row = rehearse_one(*cells(), by=coordinator)

    assert row.candidates == []
    assert row.errors == {}


@on_sqlite_too
def test_chosen_candidate_is_written_and_nobody_else_can_be_chosen(coordinator, huong, make_person):
    stranger = make_person("Lê Thị Lạ", code="13591")
    batch = rehearsed(sheet(cells("KB-9001")), by=coordinator)
    with raises_refusal("not_a_candidate"):
        choose(row=batch.rows.get(), choice=stranger.pk)

    row = choose(row=batch.rows.get(), choice=huong.pk)
    assert row.outcome == "changed"
    assert row.changes == [["staff_code", huong.staff_code, "KB-9001"]]

    write(batch)
    huong.refresh_from_db()
    assert huong.staff_code == "KB-9001"


@on_sqlite_too
def test_somebody_new_is_written_beside_the_namesake_unless_taken_back(coordinator, huong):
    batch = rehearsed(sheet(cells("KB-9001")), by=coordinator)
    choose(row=batch.rows.get(), choice=0)
    assert choose(row=batch.rows.get(), choice=None).outcome == "twin"
    choose(row=batch.rows.get(), choice=0)
    write(batch)
    assert User.objects.filter(full_name="Nguyễn Thị Hương").count() == 2


@on_sqlite_too
def test_two_rows_that_choose_one_person_are_rehearsed_again(coordinator, huong):
    rows = [
        cells(code, name=name, phone="912345678")
        for code, name in (("KB-9001", "Lê Văn Hai"), ("KB-9002", "Lê Văn Ba"))
    ]
    batch = rehearsed(sheet(*rows), by=coordinator)
    for row in batch.rows.all():
        choose(row=row, choice=huong.pk)
    ask_to_confirm(batch=batch)

    assert confirm(batch_id=batch.pk) is False

    batch.refresh_from_db()
    assert (batch.state, outcomes(batch)) == ("rehearsed", ["changed", "error"])
    assert batch.rows.last().error_codes == {"full_name": ["same_row"]}


def test_code_of_another_district_is_refused_and_names_nobody(coordinator, make_person):
    stranger = make_person("Lê Thị Lạ", code="13591", year_of_birth=1971)

    row = rehearse_one(*cells(stranger.staff_code), by=coordinator)

    assert (row.outcome, row.target, row.changes) == ("error", None, [])
    assert "Lạ" not in str(row.errors)
    assert "1971" not in str(row.errors)


@on_sqlite_too
def test_phone_of_another_district_is_left_out_and_names_nobody(coordinator, make_person):
    make_person("Lê Thị Lạ", code="13591", phone="+84987654321")

    row = rehearse_one(*cells("KB-9001", phone="0987654321"), by=coordinator)

    assert (row.outcome, list(row.warnings)) == ("new", ["phone"])
    assert "phone" not in [key for key, _old, _new in row.changes]
    assert "Lạ" not in str((row.warnings, row.changes))


def test_commune_of_another_district_is_refused(coordinator):
    errors = errors_of(*cells("KB-9001", commune="Đức Lý"), by=coordinator)

    assert errors == {"unit": ["out_of_area"]}


def test_record_of_a_colleague_with_a_role_is_not_changed(coordinator, make_official):
    colleague = make_official(Role.TRAINER, "350", full_name="Vũ Văn Giảng")

    assert errors_of(*cells(colleague.staff_code, name="Vũ Văn Khác"), by=coordinator) == {
        "full_name": ["not_manageable"]
    }


def test_person_who_comes_twice_is_told_with_the_first_row(coordinator):
    batch = rehearsed(sheet(cells("KB-9001"), cells("KB-9001")), by=coordinator)

    assert outcomes(batch) == ["new", "error"]
    second = batch.rows.last()
    assert second.error_codes == {"staff_code": ["same_row"]}
    assert numbers(*second.errors["staff_code"]) == [2]


def test_new_person_needs_place_and_cadre(coordinator):
    row = rehearsed(
        sheet(("", "Lê Thị Mới", "1980", "Nữ", "0912345678", "", "")), by=coordinator
    ).rows.get()

    assert set(row.errors) == {"unit", "cadre"}


def test_all_wrong_cells_of_a_row_are_told_at_once_and_a_detail_does_not_cost_the_row(coordinator):
    rows = [
        cells("KB-9001", "Lê Thị An", commune="Không Có"),
        cells("0912345678", "Lê Thị Bé"),
        cells("0912345679", "Lê Thị Cúc", commune="Không Có"),
        cells("KB-9002", "Lê Thị Dần", phone="12345"),
        cells("KB-9003", "Lê Thị Én", year="1850"),
    ]
    batch = rehearsed(sheet(*rows), by=coordinator)

    assert wrong_cells(batch) == [["unit"], ["staff_code"], ["staff_code", "unit"], [], []]
    assert outcomes(batch) == ["error"] * 3 + ["new"] * 2
    warned = [list(row.warnings) for row in batch.rows.order_by("number")]
    assert warned[3:] == [["phone"], ["year_of_birth"]]


def test_row_without_a_name_is_planned_by_itself(coordinator, huong):
    batch = rehearsed(sheet(cells(name="", phone="912345678"), cells(name="")), by=coordinator)
    row = batch.rows.first()
    assert row.outcome == "same"

    choose(row=row, choice=SOMEBODY_NEW)

    assert "full_name" in batch.rows.first().errors
