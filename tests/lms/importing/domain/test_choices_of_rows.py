"""Who was chosen for a row stays with what the row says, and with nothing else."""

import pytest
import xlsxwriter

from lms.importing.domain.choose_candidate import choose as choose_person
from lms.importing.domain.mapping import choose
from lms.importing.domain.rehearsing import ask_again, rehearse
from lms.importing.domain.sheets import open_file
from lms.importing.extensions import import_kinds
from tests.factories.importing import HEADER, file_of, outcomes, rehearsed

MEANT = ("", "Trần Văn Nhà", "1970", "", "", "Nguyễn Úy", "Cộng tác viên")
OTHER = ("KB-9001", "Lê Thị Mới", "1980", "Nữ", "", "Quế", "Cộng tác viên")
FIELDS = ("staff_code", "full_name", "year_of_birth", "sex", "phone", "unit", "cadre")
COLUMNS = {name: place for place, name in enumerate(FIELDS)}


@pytest.fixture
def batch(tmp_path, coordinator, make_person):
    """A workbook of three sheets; somebody has said who the second row of the first is."""
    person = make_person(year_of_birth=1970)
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        for name, row in (("Xã 1", MEANT), ("Xã 2", OTHER), ("Xã 3", MEANT)):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, row)
    batch = rehearsed(file_of(tmp_path / "a.xlsx"), by=coordinator, sheet_names=["Xã 1"])
    assert outcomes(batch) == ["twin"]
    choose_person(row=batch.rows.get(), choice=person.pk)
    return batch


def rehearse_with(batch, sheet_name, **columns):
    opened = open_file(batch=batch, sheet_names=[sheet_name])
    kind = import_kinds.get("people")
    choose(batch=batch, kind=kind, opened=opened, columns={**COLUMNS, **columns})
    rehearse(batch_id=batch.pk)
    batch.refresh_from_db()


def choices(batch):
    return list(batch.rows.values_list("choice", flat=True))


def test_choice_is_kept_for_the_same_row(batch):
    (chosen,) = choices(batch)
    assert chosen is not None
    ask_again(batch=batch)
    rehearse(batch_id=batch.pk)

    assert choices(batch) == [chosen]


@pytest.mark.parametrize("name", ["Xã 2", "Xã 3"], ids=["other-person", "same-words"])
def test_choice_does_not_follow_into_another_sheet_nor_come_back(batch, name):
    rehearse_with(batch, name)
    assert choices(batch) == [None]
    rehearse_with(batch, "Xã 1")

    assert choices(batch) == [None]


def test_choice_is_dropped_when_the_row_is_read_otherwise(batch):
    rehearse_with(batch, batch.choices["sheets"][0], sex=3, phone=2, year_of_birth=4)

    assert choices(batch) == [None]
