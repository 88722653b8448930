"""What a workbook hides or merges is found in its parts, whatever they hold."""

import pytest

from lms.importing.reading import sheet_layout
from lms.importing.reading.file_types import FileKind
from lms.importing.reading.sheet_layout import find_layout, numbers
from lms.importing.reading.sheets import read_sheets
from lms.importing.reading.tables import LeftOutReason, find_table, hidden_in, leave_hidden
from tests.factories.files import (
    ods_rows,
    with_parts,
    with_sheet_xml,
    write_hiding,
    write_ods,
    write_xlsx,
)
from tests.refusing import raises_refusal

ROWS = [
    ["STT", "Họ và tên", "Năm sinh", "Ghi chú"],
    [1, "Lê An", 1985, None],
    [2, "Trần Bé", 1986, "mới"],
    [3, "Vũ Cúc", 1987, None],
]


@pytest.fixture
def xlsx(tmp_path):
    return write_hiding(tmp_path / "a.xlsx", ROWS, hidden_rows=[2], hidden_columns=[3])


def test_hidden_rows_and_columns_of_xlsx_are_found_and_left_out_by_name(xlsx):
    (sheet,) = read_sheets(xlsx, FileKind.XLSX)

    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2}, {3})
    assert hidden_in(find_table(sheet), sheet) == (1, ["Ghi chú"])
    table = leave_hidden(find_table(sheet), sheet)
    cells = [row.cells for row in table.rows]
    assert cells == [[1, "Lê An", 1985, None], [3, "Vũ Cúc", 1987, None]]
    assert table.labels == ["STT", "Họ và tên", "Năm sinh", ""]
    assert [(one.number, one.reason) for one in table.left_out] == [(3, LeftOutReason.HIDDEN)]


def test_hidden_and_filtered_rows_of_ods_are_found(tmp_path):
    hide = '<table:table-row table:visibility="{}"{}>'
    xml = ods_rows(ROWS)
    rows = xml.split("<table:table-row>")[1:]
    rows_xml = (
        '<table:table-column table:number-columns-repeated="3"/>'
        '<table:table-column table:visibility="collapse"/>'
        "<table:table-row>" + rows[0] + hide.format("filter", "") + rows[1]
        + hide.format("collapse", ' table:number-rows-repeated="2"') + rows[2]
        + "<table:table-row>" + rows[3]
    )  # fmt: skip
    path = write_ods(tmp_path / "a.ods", rows_xml)

    (sheet,) = read_sheets(path, FileKind.ODS)

    assert (sheet.hidden_rows, sheet.hidden_columns) == ({1, 2, 3}, {3})


def test_merged_cells_of_ods_are_found_as_those_of_other_workbooks(tmp_path):
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    rows = (
        ["Họ và tên", "Năm sinh", "Xã"],
        ["Lê An", "1985", ' table:number-rows-spanned="3" table:number-columns-spanned="1"'],
    )
    xml = "<table:table-row>" + "".join(cell.format("", text) for text in rows[0])
    xml += "</table:table-row><table:table-row>"
    xml += "".join(cell.format("", text) for text in rows[1][:2]) + cell.format(rows[1][2], "Quế")
    xml += "</table:table-row>"
    for name in ("Vũ Cúc", "Hồ Du", "Trần Én"):
        xml += f"<table:table-row>{cell.format('', name)}{cell.format('', '1986')}"
        xml += "<table:covered-table-cell table:number-columns-repeated='2'/></table:table-row>"
    wide = cell.format(' table:number-columns-spanned="2"', "Ghi chú")
    xml += f"<table:table-row><table:table-cell table:number-columns-repeated='3'/>{wide}</table:table-row>"
    path = write_ods(tmp_path / "a.ods", xml)

    (sheet,) = read_sheets(path, FileKind.ODS)

    assert sheet.merged == [(1, 2, 3, 2), (5, 3, 5, 4)]
    assert [row.cells[2] for row in find_table(sheet).rows[:4]] == ["Quế", "Quế", "Quế", None]


def test_hostile_merges_cost_no_memory(tmp_path, monkeypatch):
    cell = '<table:table-cell table:number-rows-spanned="2"/>'
    xml = f"<table:table-row>{cell * 50}</table:table-row>"
    monkeypatch.setattr(sheet_layout, "_MOST_MERGED", 5)

    layout = find_layout(write_ods(tmp_path / "a.ods", xml), FileKind.ODS)

    assert len(layout["Danh sách"].merged) == 5


def test_rows_without_numbers_are_counted(tmp_path):
    source = write_xlsx(tmp_path / "a.xlsx", ROWS)
    xml = '<col min="1" max="9"/><row><c><v>1</v></c></row><row hidden="true"/><row r="7"/><x:row hidden = \'1\'/>'
    path = with_sheet_xml(tmp_path / "b.xlsx", source, xml)

    assert find_layout(path, FileKind.XLSX)["Danh sách"].rows == [(1, 1), (7, 7)]


def test_tag_that_two_pieces_share_is_read_once(xlsx, monkeypatch):
    whole = find_layout(xlsx, FileKind.XLSX)
    monkeypatch.setattr(sheet_layout, "_PIECE", 37)

    assert find_layout(xlsx, FileKind.XLSX) == whole


def test_hostile_spans_cost_no_memory(tmp_path, monkeypatch):
    source = write_xlsx(tmp_path / "a.xlsx", ROWS)
    xml = '<row r="1" hidden="1"/>' * 50
    path = with_sheet_xml(tmp_path / "b.xlsx", source, xml)
    monkeypatch.setattr(sheet_layout, "_MOST_SPANS", 5)

    assert len(find_layout(path, FileKind.XLSX)["Danh sách"].rows) == 5
    assert numbers([(0, 10**12), (7, 9)], 3) == {0, 1, 2}


@pytest.mark.parametrize("number", ["x", "-3"])
def test_senseless_numbers_hide_nothing(tmp_path, number):
    source = write_xlsx(tmp_path / "a.xlsx", ROWS)
    path = with_sheet_xml(tmp_path / "b.xlsx", source, f'<row r="{number}" hidden="1"/>')

    found = find_layout(path, FileKind.XLSX)

    assert [spans for parts in found.values() for spans in parts.rows] == []


def test_workbook_without_its_parts_hides_nothing(tmp_path):
    source = write_xlsx(tmp_path / "a.xlsx", ROWS)
    path = with_parts(tmp_path / "b.xlsx", source, {}, drop=["xl/worksheets/sheet1.xml"])

    assert find_layout(path, FileKind.XLSX) == {}


def test_list_that_is_hidden_as_a_whole_is_refused(tmp_path):
    path = write_hiding(tmp_path / "a.xlsx", ROWS, hidden_rows=[1, 2, 3])
    (sheet,) = read_sheets(path, FileKind.XLSX)

    with raises_refusal("all_hidden"):
        leave_hidden(find_table(sheet), sheet)
