"""One odd cell does not cost the person: the row goes in, and what was left out is told."""

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


NAMES = [f"Lê Thị {name}" for name in ("An", "Bé", "Cúc", "Dần", "Én", "Gái", "Hoa", "Kim", "Lan")]


def test_odd_cell_is_a_warning_and_the_person_goes_in(coordinator):
    odd = [
        ("phone", {"phone": "0912345678 / 0987654321"}, {"phone": "+84912345678"}),
        ("phone", {"phone": "0912345679 (chồng)"}, {"phone": "+84912345679"}),
        ("phone", {"phone": "hỏi sau"}, {"phone": None, "phone_raw": "hỏi sau"}),
        ("phone", {"phone": "09123"}, {"phone": None, "phone_raw": "09123"}),
        ("year_of_birth", {"year": "1977 (Ất Mão)"}, {"year_of_birth": 1977}),
        ("year_of_birth", {"year": "198O"}, {"year_of_birth": 1980}),
        ("sex", {"sex": "chưa ghi"}, {"sex": ""}),
        ("email", {"email": "hoa tại gmail"}, {"email": None}),
        ("since", {"since": "31/02/2014"}, {}),
    ]
    rows = [person(name, **cells) for name, (_key, cells, _kept) in zip(NAMES, odd, strict=True)]
    batch = taken_in(*rows, by=coordinator)

    for row, (key, cells, _kept) in zip(batch.rows.order_by("number"), odd, strict=True):
        assert (row.outcome, list(row.warnings)) == ("new", [key]), row.errors
        assert next(iter(cells.values())) in " ".join(row.warnings[key])
    write(batch)
    for name, (_key, _cells, kept) in zip(NAMES, odd, strict=True):
        entered = User.objects.get(full_name=name)
        assert {field: getattr(entered, field) for field in kept} == kept


def test_words_for_nothing_are_no_warning(coordinator):
    rows = [
        person(name, **dict.fromkeys(("phone", "email", "since", "sex"), nothing))
        for name, nothing in zip(NAMES, ("không có", "ko", "-"), strict=False)
    ]
    batch = taken_in(*rows, by=coordinator)

    assert [(row.outcome, row.warnings) for row in batch.rows.all()] == [("new", {})] * 3


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


def test_phone_of_somebody_else_is_left_out_of_a_known_row(coordinator, make_person):
    make_person("Trần Văn Nhà", phone="+84912345678", year_of_birth=1960)
    known = make_person("Lê Thị Mới", phone="+84987654321", year_of_birth=1980, sex="female")
    header = ("Mã cán bộ", "Họ và tên", "Số điện thoại")
    batch = rehearsed(
        sheet((known.staff_code, known.full_name, "0912345678"), header=header), by=coordinator
    )

    row = batch.rows.get()
    assert (row.outcome, list(row.warnings)) == ("same", ["phone"])


def test_nonsense_warns(coordinator):
    odd = [{"year": "2012"}, {"year": "1905"}, {"year": "20"}, {"since": "01/01/1998"}]
    rows = [person(name, **cells) for name, cells in zip(NAMES, odd, strict=False)]
    batch = taken_in(*rows, by=coordinator)

    assert outcomes(batch) == ["new"] * 4
    *years, day = batch.rows.order_by("number")
    assert all("year_of_birth" in row.warnings for row in years)
    assert "since" in day.warnings


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


def test_formula_that_has_failed_is_left_out_and_told(coordinator):
    failed = zip(NAMES, ("#N/A", "#REF!", "#NAME?"), strict=False)
    rows = [person(name, phone=text, email=text) for name, text in failed]
    batch = taken_in(*rows, by=coordinator)

    assert outcomes(batch) == ["new"] * 3
    for row in batch.rows.all():
        assert sorted(row.warnings) == ["email", "phone"]
        assert "phone_raw" not in {key for key, _old, _new in row.changes}


def test_two_people_in_one_cell_warn(coordinator):
    names = [f"Trần Thị Mai{between}Lê Văn Sáu" for between in (", ", " / ", "\n", " và ")]
    rows = [person(name, year=f"198{number}") for number, name in enumerate(names)]
    batch = taken_in(*rows, by=coordinator)

    assert [list(row.warnings) for row in batch.rows.all()] == [["full_name"]] * 4


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
