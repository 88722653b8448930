"""Names over two columns go in whole; a list that lost the given names is not silent about it."""

import pytest

from lms.accounts.models import User
from lms.importing.domain.mapping import choose, suggest
from lms.importing.domain.sheets import open_file
from lms.importing.extensions import import_kinds
from tests.factories.files import write_xlsx
from tests.factories.importing import file_of, outcomes, rehearsed, sheet, upload, write
from tests.refusing import raises_refusal

REST = ("Năm sinh", "Xã", "Đối tượng")
PEOPLE = [
    ("1", "Cao Thị Kim", "Ái", "1980", "Quế", "CTV"),
    ("2", "Lê Văn", "Bình", "1981", "Quế", "CTV"),
]


@pytest.mark.parametrize(
    "names", [("Họ và tên đệm", "Tên"), ("Họ đệm", "Tên"), ("Họ và tên", ""), ("Họ", "Tên")]
)
def test_both_columns_of_a_name_are_written(coordinator, names):
    batch = rehearsed(sheet(*PEOPLE, header=("STT", *names, *REST)), by=coordinator)
    write(batch)

    assert batch.choices["columns"]["full_name"] == [1, 2]
    names = User.objects.filter(full_name__in=["Cao Thị Kim Ái", "Lê Văn Bình"])
    assert sorted(names.values_list("given_name", flat=True)) == ["Bình", "Ái"]


def test_given_names_that_were_left_out_are_missed(coordinator, make_person):
    known = make_person("Cao Thị Kim Ái", year_of_birth=1980)
    rows = [
        ("", "Cao Thị Kim", "1980", "", "", "Quế", "CTV"),
        (known.staff_code, "Cao Thị Kim", "1980", "", "", "Quế", "CTV"),
        ("", "Cao Thị Kim", "1990", "", "", "Quế", "CTV"),
    ]

    batch = rehearsed(sheet(*rows), by=coordinator)

    assert outcomes(batch) == ["new", "changed", "new"]
    warned = batch.rows.exclude(warnings={})
    assert [row.number for row in warned if "full_name" in row.warnings] == [2, 3]


def test_people_of_another_area_are_not_named_by_the_warning(
    make_official, administrator, make_person
):
    make_person("Cao Thị Kim Ái", code="13384", year_of_birth=1980)
    stranger = make_official("coordinator", "353")

    batch = rehearsed(sheet(("", "Cao Thị Kim", "1980", "", "", "Quế", "CTV")), by=stranger)

    assert "Ái" not in str(list(batch.rows.values("warnings", "errors")))


def columns_of_sender(batch):
    kind = import_kinds.get("people")
    opened = open_file(batch=batch)
    return kind, opened, suggest(batch=batch, kind=kind, table=opened.table)


def test_sender_sends_the_same_columns_again(coordinator):
    file = {"header": ("STT", "Họ và tên", "", *REST)}
    first = upload(sheet(*PEOPLE, **file), by=coordinator, sender="UBND xã Quế")
    kind, opened, columns = columns_of_sender(first)
    choose(batch=first, kind=kind, opened=opened, columns=columns)

    again = upload(sheet(*PEOPLE, **file), by=coordinator, sender="UBND xã Quế")

    assert columns_of_sender(again)[2] == columns


def test_column_cannot_be_joined_to_itself_or_mean_two_things(coordinator):
    batch = upload(sheet(*PEOPLE, header=("STT", "Họ đệm", "Tên", *REST)), by=coordinator)
    kind, opened, columns = columns_of_sender(batch)

    for wrong in ({"full_name": [1, 1]}, {"full_name": [1, 2], "unit": 2}):
        with raises_refusal("column_twice"):
            choose(batch=batch, kind=kind, opened=opened, columns={**columns, **wrong})


def test_merged_heading_of_a_workbook_is_joined_without_a_question(tmp_path, coordinator):
    rows = [["STT", "Họ và tên", None, *REST], *(list(person) for person in PEOPLE)]
    path = write_xlsx(tmp_path / "a.xlsx", rows, merged=[(0, 1, 0, 2)])

    batch = rehearsed(file_of(path), by=coordinator)

    assert [row.cells["full_name"] for row in batch.rows.all()] == ["Cao Thị Kim Ái", "Lê Văn Bình"]
