"""A workbook with a sheet for each commune goes in as one list; what is not read is named."""

import pytest

from lms.importing.domain import sheets
from lms.importing.domain.rehearsing import rehearse
from lms.importing.domain.sheets import open_file
from tests.factories.files import write_book, write_hiding
from tests.factories.importing import HEADER, file_of, outcomes, rehearsed, upload, write

AN = ("KB-9001", "Lê Thị An", "1980", "Nữ", "", "Quế", "Cộng tác viên")
BE = ("KB-9002", "Trần Văn Bé", "1981", "Nam", "", "Nguyễn Úy", "Cộng tác viên")
CUC = ("KB-9003", "Vũ Thị Cúc", "1982", "Nữ", "", "Nguyễn Úy", "")
SUMMARY = [["STT", "Tên xã", "Số người"], [1, "Quế", 1], [2, "Nguyễn Úy", 2]]
SHEETS = {
    "Tổng hợp": [*SUMMARY, [3, "Khác", 0], [4, "Cộng", 0], [5, "x", 0], [6, "y", 0]],
    "Quế": [["DANH SÁCH CỘNG TÁC VIÊN"], HEADER, AN],
    "Hướng dẫn": [["Gửi trước ngày 5"]],
    "Nguyễn Úy": [["DANH SÁCH CÔNG CHỨC VĂN HOÁ - XÃ HỘI"], HEADER, BE, CUC],
}


@pytest.fixture
def book(tmp_path):
    return file_of(write_book(tmp_path / "a.xlsx", SHEETS))


def test_sheets_of_the_same_shape_go_in_together_each_with_its_title(book, coordinator):
    batch = rehearsed(book, by=coordinator)

    assert outcomes(batch) == ["new", "new", "new"]
    assert [row.where for row in batch.rows.all()] == ["Quế: 3", "Nguyễn Úy: 3", "Nguyễn Úy: 4"]
    assert batch.choices["not_read"] == [["Tổng hợp", 6], ["Hướng dẫn", 0]]
    assert [(one[0], one[3]) for one in batch.left_out] == [(1, "Quế"), (1, "Nguyễn Úy")]
    (last,) = batch.rows.filter(number=batch.rows.last().number)
    assert "cadre" in last.notes
    write(batch)
    assert batch.rows.filter(writes=None).count() == 0


def test_same_person_in_two_sheets_is_told_with_the_sheet(tmp_path, coordinator):
    path = write_book(tmp_path / "a.xlsx", {"Quế": [HEADER, AN], "Xã khác": [HEADER, AN]})

    batch = rehearsed(file_of(path), by=coordinator)

    second = batch.rows.last()
    assert "Quế: 2" in " ".join(second.errors["staff_code"])


def test_sheets_are_chosen_by_name(book, coordinator):
    batch = upload(book, by=coordinator)

    opened = open_file(batch=batch, sheet_names=["Nguyễn Úy"])

    assert [row.number for row in opened.table.rows] == [3, 4]
    assert dict(opened.others) == {"Tổng hợp": 6, "Quế": 1, "Hướng dẫn": 0}
    assert open_file(batch=batch, sheet_names=["Không có"]).read == ["Quế", "Nguyễn Úy"]
    assert open_file(batch=batch, sheet_names=["Tổng hợp", "Quế"]).read == ["Tổng hợp"]


def test_hidden_rows_of_all_sheets_are_counted(tmp_path, coordinator):
    path = write_hiding(tmp_path / "a.xlsx", [HEADER, AN, BE], hidden_rows=[2])

    opened = open_file(batch=upload(file_of(path), by=coordinator))

    assert opened.hidden_rows == 1


def test_list_of_each_sheet_is_looked_for_once(book, coordinator, monkeypatch):
    looked_at = []

    def find(sheet, names=()):
        looked_at.append(sheet.name)
        return sheets_find(sheet, names)

    sheets_find = sheets.find_table
    monkeypatch.setattr(sheets, "find_table", find)
    batch = upload(book, by=coordinator)
    opened = open_file(batch=batch)
    assert (len(opened.others), sorted(looked_at)) == (2, sorted(SHEETS))

    looked_at.clear()
    open_file(batch=batch, sheet_names=["Quế", "Nguyễn Úy"])

    assert sorted(looked_at) == ["Nguyễn Úy", "Quế"]


def test_import_that_was_prepared_before_reads_its_one_sheet(book, coordinator):
    batch = rehearsed(book, by=coordinator)
    del batch.choices["sheets"]
    batch.choices["sheet"] = "Quế"
    batch.state = "rehearsing"
    batch.save()

    rehearse(batch_id=batch.pk)

    assert batch.rows.count() == 1
