"""One odd cell does not cost the person: the row goes in, and what was left out is told."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lms.accounts.models import Posting, User
from tests.factories.importing import outcomes, rehearsed, sheet, write

HEADER = ("Họ và tên", "Năm sinh", "Giới tính", "Số điện thoại", "Email", "Xã", "Nhóm", "Từ ngày")


def person(name="Lê Thị Mới", **cells):
    usual = {
        "year": "1980",
        "sex": "Nữ",
        "phone": "",
        "email": "",
        "commune": "Quế",
        "cadre": "CTV",
        "since": "",
    }
    return (name, *(usual | cells).values())


def taken_in(*rows, by):
    return rehearsed(sheet(*rows, header=HEADER), by=by)


@pytest.mark.parametrize(
    ("key", "cells", "kept"),
    [
        ("phone", {"phone": "0912345678 / 0987654321"}, {"phone": "+84912345678"}),
        ("phone", {"phone": "0912345678 (chồng)"}, {"phone": "+84912345678"}),
        ("phone", {"phone": "hỏi sau"}, {"phone": None, "phone_raw": "hỏi sau"}),
        ("phone", {"phone": "09123"}, {"phone": None, "phone_raw": "09123"}),
        ("year_of_birth", {"year": "1977 (Ất Mão)"}, {"year_of_birth": 1977}),
        ("sex", {"sex": "chưa ghi"}, {"sex": ""}),
        ("email", {"email": "hoa tại gmail"}, {"email": None}),
        ("since", {"since": "31/02/2014"}, {}),
    ],
)
def test_odd_cell_is_a_warning_and_the_person_goes_in(coordinator, key, cells, kept):
    batch = taken_in(person(**cells), by=coordinator)

    row = batch.rows.get()
    assert (row.outcome, list(row.warnings)) == ("new", [key]), row.errors
    assert next(iter(cells.values())) in " ".join(row.warnings[key])
    write(batch)
    entered = User.objects.get(full_name="Lê Thị Mới")
    assert {name: getattr(entered, name) for name in kept} == kept


@pytest.mark.parametrize("nothing", ["không có", "ko", "-"])
def test_words_for_nothing_are_no_warning(coordinator, nothing):
    cells = dict.fromkeys(("phone", "email", "since", "sex"), nothing)
    batch = taken_in(person(**cells), by=coordinator)

    row = batch.rows.get()
    assert (row.outcome, row.warnings) == ("new", {})


def test_staff_code_that_is_not_there_yet_is_none(coordinator):
    header = ("Mã cán bộ", "Họ và tên", "Năm sinh", "Xã", "Nhóm")
    batch = rehearsed(
        sheet(("chưa có", "Lê Thị Mới", "1980", "Quế", "CTV"), header=header), by=coordinator
    )
    write(batch)

    assert User.objects.get(full_name="Lê Thị Mới").staff_code == "CB13384-001"


def test_nobody_goes_in_without_code_and_year(coordinator):
    batch = taken_in(person(year="2199"), person("Lê Văn Hai", year="lâu rồi"), by=coordinator)

    assert outcomes(batch) == ["error", "error"]
    assert [list(row.errors) for row in batch.rows.order_by("number")] == [["year_of_birth"]] * 2


def test_couple_with_one_phone_goes_in_both(coordinator):
    shared = {"phone": "0912 345 678", "email": "nha@example.org"}
    batch = taken_in(person(**shared), person("Trần Văn Hai", **shared), by=coordinator)

    assert outcomes(batch) == ["new", "new"]
    first, second = batch.rows.order_by("number")
    assert (list(first.warnings), sorted(second.warnings)) == ([], ["email", "phone"])
    write(batch)
    told = User.objects.filter(full_name__in=["Lê Thị Mới", "Trần Văn Hai"]).order_by("pk")
    assert [one.phone for one in told] == ["+84912345678", None]


def test_same_person_twice_stays_an_error(coordinator):
    batch = taken_in(person(phone="0912345678"), person(phone="0912345678"), by=coordinator)

    assert outcomes(batch) == ["new", "error"]


def test_phone_of_somebody_else_is_left_out_of_a_known_row(coordinator, make_person):
    make_person("Trần Văn Nhà", phone="+84912345678", year_of_birth=1960)
    known = make_person("Lê Thị Mới", phone="+84987654321", year_of_birth=1980, sex="female")
    header = ("Mã cán bộ", "Họ và tên", "Số điện thoại")
    batch = rehearsed(
        sheet((known.staff_code, known.full_name, "0912345678"), header=header), by=coordinator
    )

    row = batch.rows.get()
    assert (row.outcome, list(row.warnings)) == ("same", ["phone"])


@pytest.mark.parametrize(
    ("key", "cells"),
    [
        ("year_of_birth", {"year": "2012"}),
        ("year_of_birth", {"year": "1905"}),
        ("year_of_birth", {"year": "20"}),
        ("since", {"since": "01/01/1998"}),
    ],
)
def test_nonsense_warns(coordinator, key, cells):
    row = taken_in(person(**cells), by=coordinator).rows.get()

    assert row.outcome == "new"
    assert key in row.warnings


def test_namesake_at_another_place_warns_of_two_posts(coordinator):
    batch = taken_in(person(), person(commune="Nguyễn Úy"), person(year="1981"), by=coordinator)

    told = [list(row.warnings) for row in batch.rows.order_by("number")]
    assert told == [[], ["full_name"], []]
    assert outcomes(batch) == ["new", "new", "new"]


def titled(head, *rows, by):
    text = "\n".join([f"{head},,,", "Họ và tên,Năm sinh,Xã,Chức vụ", *map(",".join, rows)])
    return rehearsed(SimpleUploadedFile("a.csv", text.encode()), by=by)


def test_title_of_the_list_tells_the_cadre_where_the_titles_do_not(coordinator):
    batch = titled(
        "DANH SÁCH CỘNG TÁC VIÊN",
        ("Lê Thị Mới", "1980", "Quế", "Trưởng thôn"),
        ("Lê Thị Hai", "1981", "Quế", "CTV thôn 3"),
        ("Lê Thị Ba", "1982", "Quế", ""),
        by=coordinator,
    )

    assert outcomes(batch) == ["new"] * 3
    told = batch.rows.order_by("number")
    assert [("cadre" in row.warnings, "cadre" in row.notes) for row in told] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    write(batch)
    assert set(Posting.objects.values_list("cadre", flat=True)) == {"collaborator"}


def test_title_that_nobody_knows_is_refused_and_the_column_suggested(coordinator):
    rows = [("Lê Thị Mới", "1980", "Quế", "Hội LHPN"), ("Lê Thị Hai", "1981", "Quế", "CTV")]
    batch = titled("HỘI NGHỊ", *rows, by=coordinator)

    assert outcomes(batch) == ["error", "new"]
    assert list(batch.rows.get(number=3).errors) == ["cadre"]


def test_officer_of_a_district_is_told_by_the_unit(coordinator):
    rows = [("Lê Thị Mới", "1980", "Kim Bảng", "CB LĐ-TB&XH")]
    write(titled("Danh sách cán bộ", *rows, by=coordinator))

    assert Posting.objects.get().cadre == "district_officer"


def test_blank_title_leaves_the_post_of_a_known_person(coordinator, make_person):
    make_person("Lê Thị Mới", year_of_birth=1980)
    rows = [("Lê Thị Mới", "1980", "Quế", ""), ("Lê Thị Hai", "1981", "Quế", "CC VH-XH")]
    batch = titled("DANH SÁCH CÔNG CHỨC VH-XH", *rows, by=coordinator)

    assert outcomes(batch) == ["same", "new"]


def test_letter_o_in_a_year_is_read_and_told(coordinator):
    row = taken_in(person(year="198O"), by=coordinator).rows.get()

    assert (row.outcome, list(row.warnings)) == ("new", ["year_of_birth"])
    assert ["year_of_birth", "", "1980"] in row.changes


@pytest.mark.parametrize("failed", ["#N/A", "#REF!", "#NAME?"])
def test_formula_that_has_failed_is_left_out_and_told(coordinator, failed):
    row = taken_in(person(phone=failed, email=failed), by=coordinator).rows.get()

    assert (row.outcome, sorted(row.warnings)) == ("new", ["email", "phone"])
    assert "phone_raw" not in {key for key, _old, _new in row.changes}


@pytest.mark.parametrize(
    "name",
    [
        "Trần Thị Mai, Lê Văn Sáu",
        "Trần Thị Mai / Lê Văn Sáu",
        "Trần Thị Mai\nLê Văn Sáu",
        "Trần Thị Mai và Lê Văn Sáu",
    ],
)
def test_two_people_in_one_cell_warn(coordinator, name):
    row = taken_in(person(name), by=coordinator).rows.get()

    assert list(row.warnings) == ["full_name"]


def test_names_that_differ_in_tones_warn_of_two_people_and_not_of_two_posts(coordinator):
    rows = (
        person("Phan Thị Hà"),
        person("Phan Thị Hạ"),
        person("Phan Thị Hà", commune="Nguyễn Úy"),
    )
    batch = taken_in(*rows, by=coordinator)

    told = [row.warnings.get("full_name", []) for row in batch.rows.order_by("number")]
    assert [len(warnings) for warnings in told] == [0, 1, 1]
    assert told[1] != told[2]
