"""Commune, district and cadre that stand once: above a group, in a title, as a sheet's name."""

import pytest
from django.urls import reverse

from lms.accounts.rosters.resources.people import PeopleResource
from lms.importing.domain.common_cells import fill_down
from lms.importing.domain.mapping import choose, suggest
from lms.importing.domain.rehearsing import rehearse
from lms.importing.domain.sheets import open_file
from lms.importing.extensions import import_kinds
from lms.spreadsheets.import_rows import SheetRow, Surroundings
from tests.factories.files import write_book
from tests.factories.geography import unit
from tests.factories.importing import file_of, outcomes, rehearsed, sheet, upload, write
from tests.factories.rows import set_fields
from tests.refusing import raises_refusal

pytestmark = pytest.mark.django_db

OFFICER = "Cán bộ cấp xã"
COLLABORATOR = "Cộng tác viên thôn/xóm"
HEADER = ("STT", "Họ và tên", "Năm sinh", "Chức danh")
AN = ("1", "Lê Thị An", "1980", "Cộng tác viên")
BE = ("2", "Trần Văn Bé", "1981", "Cộng tác viên")
CUC = ("3", "Vũ Thị Cúc", "1982", "Cộng tác viên")
QUE, NGUYEN_UY = "thị trấn Quế, huyện Kim Bảng", "xã Nguyễn Úy, huyện Kim Bảng"
KIM_BANG = "huyện Kim Bảng"


def units_of(batch):
    return [row.cells.get("unit") for row in batch.rows.all()]


@pytest.mark.parametrize(
    ("around", "told"),
    [
        (Surroundings(groups=("Xã Nguyễn Úy",)), {"unit": NGUYEN_UY}),
        (Surroundings(groups=("UBND xã Nguyễn Uý",)), {"unit": NGUYEN_UY}),
        (Surroundings(groups=("Nguyễn Úy",)), {"unit": NGUYEN_UY}),
        (Surroundings(groups=("Đơn vị: TT Quế",)), {"unit": QUE}),
        (
            Surroundings(groups=("XÃ NGUYỄN ÚY, HUYỆN KIM BẢNG",)),
            {"district": KIM_BANG, "unit": NGUYEN_UY},
        ),
        (
            Surroundings(groups=("Huyện Kim Bảng", "Nguyễn Úy")),
            {"district": KIM_BANG, "unit": NGUYEN_UY},
        ),
        (
            Surroundings(groups=("Huyện Kim Bảng",)),
            {"district": KIM_BANG, "unit": KIM_BANG},
        ),
        (Surroundings(sheet="01. Nguyễn Úy"), {"unit": NGUYEN_UY}),
        (Surroundings(sheet="DS TT Quế"), {"unit": QUE}),
        (Surroundings(sheet="Sheet1"), {}),
        (Surroundings(sheet="35"), {}),
        (
            Surroundings(head=("UBND XÃ NGUYỄN ÚY", "DANH SÁCH CÁN BỘ NĂM 2014")),
            {"unit": NGUYEN_UY},
        ),
        (
            Surroundings(head=("DANH SÁCH CỘNG TÁC VIÊN XÃ NGUYỄN ÚY NĂM 2014",)),
            {"unit": NGUYEN_UY},
        ),
        (Surroundings(head=("UBND HUYỆN KIM BẢNG", "DANH SÁCH")), {}),
        (Surroundings(head=("xã Nguyễn Úy và thị trấn Quế",)), {}),
        (Surroundings(head=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",)), {}),
        (Surroundings(("Thị trấn Quế",), "Nguyễn Úy", ("XÃ ĐỨC LÝ",)), {"unit": QUE}),
        (
            Surroundings(("Cộng tác viên thôn",), "Nguyễn Úy"),
            {"unit": NGUYEN_UY, "cadre": COLLABORATOR},
        ),
        (Surroundings(("Xã Nào Đó",), "TT Quế", ("XÃ NGUYỄN ÚY",)), {"unit": "Xã Nào Đó"}),
        (Surroundings(("Công chức văn hoá - xã hội",), "TT Quế"), {"unit": QUE, "cadre": OFFICER}),
        (Surroundings(sheet="CTV"), {"cadre": COLLABORATOR}),
    ],
    ids=str,
)
def test_surroundings_tell_commune_district_and_cadre(edition, coordinator, around, told):
    resource = PeopleResource(by=coordinator, day=None, edition_id=edition.pk)

    assert resource.read_around(around) == told


@pytest.mark.parametrize(
    ("around", "told"),
    [
        (Surroundings(groups=("Huyện Lý Nhân", "TT Quế")), "thị trấn Quế, huyện Lý Nhân"),
        (Surroundings(groups=("TT Quế",), head=("UBND HUYỆN KIM BẢNG",)), QUE),
        (Surroundings(groups=("TT Quế",)), "Quế"),
    ],
    ids=str,
)
def test_district_above_tells_communes_of_one_name_apart(edition, coordinator, around, told):
    other = {"name": "Quế", "kind": "thị trấn", "display_name": "thị trấn Quế, huyện Lý Nhân"}
    set_fields(unit("13588"), **other)
    resource = PeopleResource(by=coordinator, day=None, edition_id=edition.pk)

    assert resource.read_around(around)["unit"] == told


def test_rows_of_each_group_are_of_its_commune(coordinator):
    rows = [("I. Xã Nguyễn Úy (1 người)",), AN, ("II", "Thị trấn Quế"), BE, CUC]

    batch = rehearsed(sheet(*rows, header=HEADER), by=coordinator)

    assert outcomes(batch) == ["new", "new", "new"]
    assert units_of(batch) == [NGUYEN_UY, QUE, QUE]
    assert batch.choices["unmapped"] == []
    assert "unit" in batch.choices["labels"]
    write(batch)


def test_column_that_speaks_goes_before_the_group_and_a_blank_one_does_not(coordinator):
    header = (*HEADER, "Xã")
    told = (("I. Xã Nguyễn Úy", "", "", "", ""), (*AN, "Quế"))
    blank = (("", "", "", "", "Xã Nguyễn Úy"), (*AN, ""))

    assert units_of(rehearsed(sheet(*told, header=header), by=coordinator)) == ["Quế"]
    assert units_of(rehearsed(sheet(*blank, header=header), by=coordinator)) == [NGUYEN_UY]


def test_names_of_sheets_are_the_communes(tmp_path, coordinator):
    path = write_book(tmp_path / "a.xlsx", {"Nguyễn Úy": [HEADER, AN], "TT Quế": [HEADER, BE]})

    batch = rehearsed(file_of(path), by=coordinator)

    assert (units_of(batch), outcomes(batch)) == ([NGUYEN_UY, QUE], ["new", "new"])


def test_title_tells_the_commune_of_the_whole_list(coordinator):
    rows = [HEADER, AN, BE]
    batch = rehearsed(sheet(*rows, header=("DANH SÁCH CTV XÃ NGUYỄN ÚY",)), by=coordinator)

    assert units_of(batch) == [NGUYEN_UY, NGUYEN_UY]


def test_title_moves_nobody_who_is_known_elsewhere(coordinator, make_person):
    known = make_person("Lê Thị An", year_of_birth=1980, code="13384")
    rows = [("Mã cán bộ", *HEADER), (known.staff_code, *AN), ("", *BE)]
    batch = rehearsed(sheet(*rows, header=("DANH SÁCH CTV XÃ NGUYỄN ÚY",)), by=coordinator)

    assert outcomes(batch) == ["same", "new"]
    stays, joins = batch.rows.all()
    assert ("unit" in stays.warnings, "unit" in joins.warnings) == (True, False)
    write(batch)
    assert [str(one.unit) for one in known.postings.all()] == [QUE]


def test_row_that_names_the_commune_moves_whoever_is_known_elsewhere(coordinator, make_person):
    known = make_person("Lê Thị An", year_of_birth=1980, code="13384")
    rows = [("Mã cán bộ", *HEADER, "Xã"), (known.staff_code, *AN, NGUYEN_UY)]
    batch = rehearsed(sheet(*rows, header=("DANH SÁCH CTV XÃ NGUYỄN ÚY",)), by=coordinator)

    assert outcomes(batch) == ["changed"]


def test_groups_that_name_no_place_are_offered_as_a_column(coordinator):
    batch = upload(sheet(("I. Tổ một",), AN, header=HEADER), by=coordinator)
    table = open_file(batch=batch).table

    columns = suggest(batch=batch, kind=import_kinds.get("people"), table=table)

    assert (table.added, table.rows[0].cells[-1]) == (1, "Tổ một")
    assert "unit" not in columns


def test_commune_beside_the_first_of_its_people_counts_for_all_of_them(coordinator):
    rows = [(*AN, "Nguyễn Úy"), (*BE, ""), (*CUC, "Quế"), ("4", "Hồ Du", "1983", "CTV", "")]

    batch = rehearsed(sheet(*rows, header=(*HEADER, "Xã")), by=coordinator)

    assert units_of(batch) == ["Nguyễn Úy", "Nguyễn Úy", "Quế", "Quế"]
    assert ["unit" in row.notes for row in batch.rows.all()] == [False, True, False, True]


@pytest.mark.parametrize(
    ("cells", "filled"),
    [
        (["A", "", "", "B", ""], "AAABB"),
        (["A", "", ""], "AAA"),
        (["", "A", "", ""], None),
        (["A", ""], None),
        (["A", "", "A", "", ""], None),
        (["A", "B", ""], None),
        (["A", "B"], None),
        (["", ""], None),
    ],
    ids=str,
)
def test_blank_cells_are_filled_where_each_value_stands_once(cells, filled):
    rows = [SheetRow(number, {"unit": cell}) for number, cell in enumerate(cells)]

    fill_down(rows=rows, blocks=[""] * len(rows), fields=[PeopleResource.fields["unit"]])

    assert [row.cells["unit"] for row in rows] == (list(filled) if filled else cells)


def test_what_one_group_says_ends_with_it():
    rows = [SheetRow(number, {"unit": cell}) for number, cell in enumerate(["A", "", "", ""])]

    fill_down(rows=rows, blocks=["1", "1", "2", "2"], fields=[PeopleResource.fields["unit"]])

    assert [row.cells["unit"] for row in rows] == ["A", "A", "", ""]


def test_person_says_once_what_all_rows_have_in_common(as_coordinator, coordinator):
    batch = upload(sheet(AN[:3], BE[:3], header=HEADER[:3]), by=coordinator)
    address = reverse("imports:columns", args=(batch.pk,))
    proposed = as_coordinator.get(address).context["form"]
    columns = {name: field.initial for name, field in proposed.fields.items()}
    said = {"once_unit": "TT Quế", "once_cadre": "CTV"}

    as_coordinator.post(address, columns | said)
    rehearse(batch_id=batch.pk)

    assert (units_of(batch), outcomes(batch)) == (["TT Quế", "TT Quế"], ["new", "new"])
    shown = as_coordinator.get(reverse("imports:inspect", args=(batch.pk,)))
    assert [cell["text"] for cell in shown.context["table"]["lines"][0]["cells"]][-2:] == [
        "TT Quế",
        "CTV",
    ]
    again = as_coordinator.get(address).context["form"]
    assert again.fields["once_unit"].initial == "TT Quế"
    write(batch)


def test_column_and_one_value_for_all_rows_exclude_each_other(coordinator):
    batch = upload(sheet((*AN, "Quế"), header=(*HEADER, "Xã")), by=coordinator)
    kind, opened = import_kinds.get("people"), open_file(batch=batch)
    columns = {"full_name": 1, "unit": 4}

    with raises_refusal("said_twice"):
        choose(batch=batch, kind=kind, opened=opened, columns=columns, once={"unit": "Quế"})
