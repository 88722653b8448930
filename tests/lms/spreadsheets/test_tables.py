"""Tables as files: typed, harmless, readable by others, in bounded memory."""

import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from lms.spreadsheets.tables import (
    Spreadsheet,
    as_cell,
    harmless_cell,
    stream_csv,
    write_ods_sheet,
    write_xlsx,
    written,
)
from tests.factories.files import sheet_rows

HEADINGS = ("Họ và tên", "Năm sinh", "Ngày", "Lúc")
MORNING = datetime.fromisoformat("2014-05-07T08:30")  # as a cell holds it: no time zone
ROW = ("Nguyễn Thị Hương", 1980, date(2014, 5, 7), MORNING)
WRITERS = {"xlsx": write_xlsx, "ods": write_ods_sheet}


def table(*rows, headings=HEADINGS, title="Cán bộ"):
    return Spreadsheet(title=title, headings=headings, rows=rows)


def file_of(sheet, ending):
    if ending == "csv":
        return b"".join(stream_csv(sheet))
    with written(sheet, WRITERS[ending]) as file:
        return file.read()


@pytest.mark.parametrize("value", ["=1+1", "+84912345678", "-5", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_excel_would_run_is_disarmed(value):
    assert harmless_cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["Nguyễn Thị Hương", "0912 345 678", "", "1-5", -5, None])
def test_other_cells_stay_as_they_are(value):
    assert harmless_cell(value) == value


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, None),
        ("", None),
        (True, "Có"),
        (False, "Không"),
        (3, 3),
        (Decimal("1.5"), 1.5),
        (date(2014, 5, 7), date(2014, 5, 7)),
        (datetime(2014, 5, 7, 1, 30, tzinfo=UTC), MORNING),
        (MORNING, MORNING),
        (["a", "b"], "a, b"),
        (mark_safe("<p>Quế</p>\n<p>Kim Bảng</p>"), "Quế Kim Bảng"),
        (ValueError("x"), "x"),
    ],
)
def test_value_becomes_a_cell_that_people_read(value, cell):
    assert as_cell(value) == cell


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_numbers_and_dates_are_such_and_nothing_stays_empty(ending):
    rows = sheet_rows(file_of(table(ROW, ("", None, None, None)), ending), ending)

    assert rows[:2] == [list(HEADINGS), list(ROW)]
    assert rows[2:] in ([], [["", "", "", ""]])


def test_csv_has_a_byte_order_mark_and_iso_dates():
    content = file_of(table(ROW), "csv")

    assert content.startswith(b"\xef\xbb\xbf")
    assert sheet_rows(content, "csv")[1] == [ROW[0], "1980", "2014-05-07", "2014-05-07 08:30"]


def test_xlsx_keeps_the_headings_in_sight_and_filters_the_rows():
    (page,) = load_workbook(BytesIO(file_of(table(ROW, ROW), "xlsx")))

    assert page.title == "Cán bộ"
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:D3")
    assert page["A1"].font.bold
    assert page.column_dimensions["A"].width > page.column_dimensions["B"].width
    assert page["C2"].number_format == "dd/mm/yyyy"


def test_ods_keeps_the_headings_in_sight_and_filters_the_rows():
    with ZipFile(BytesIO(file_of(table(ROW, ROW), "ods"))) as archive:
        first = archive.infolist()[0]
        content = archive.read("content.xml").decode()
        settings = archive.read("settings.xml").decode()

    assert (first.filename, first.compress_type) == ("mimetype", 0)
    assert "table:target-range-address=\"'Cán bộ'.A1:'Cán bộ'.D3\"" in content
    assert 'table:display-filter-buttons="true"' in content
    assert '<config:config-item config:name="VerticalSplitPosition" config:type="int">1<' in (
        settings
    )


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_formula_is_text(ending):
    cell = "=cmd|' /C calc'!A0"
    content = file_of(table((cell,), headings=("Tên",)), ending)

    assert sheet_rows(content, ending) == [["Tên"], [cell]]
    if ending == "xlsx":
        assert load_workbook(BytesIO(content)).active["A2"].data_type != "f"
    else:
        with ZipFile(BytesIO(content)) as archive:
            assert b"table:formula" not in archive.read("content.xml")


def test_formula_in_csv_gets_an_apostrophe():
    content = file_of(table(("=1+1",), headings=("=2",)), "csv")

    assert sheet_rows(content, "csv") == [["'=2"], ["'=1+1"]]


@pytest.mark.parametrize("ending", ["xlsx", "ods", "csv"])
def test_list_without_rows_has_its_headings(ending):
    assert sheet_rows(file_of(table(), ending), ending) == [list(HEADINGS)]


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_title_is_one_that_a_sheet_may_have(ending):
    content = file_of(table(ROW, title="Lớp: [1/2] 'a' " + "x" * 40), ending)

    assert len(sheet_rows(content, ending)) == 2


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_lists_of_more_columns_than_letters(ending):
    headings = tuple(f"c{number}" for number in range(28))

    content = file_of(table(tuple(range(28)), headings=headings), ending)

    assert sheet_rows(content, ending) == [list(headings), list(range(28))]
    if ending == "ods":
        with ZipFile(BytesIO(content)) as archive:
            assert "'Cán bộ'.AB2" in archive.read("content.xml").decode()


@given(st.text(min_size=1).map(str.strip).filter(bool))
def test_ods_can_be_read_whatever_a_text_holds(text):
    rows = sheet_rows(file_of(table((text, "x"), headings=("a", "b")), "ods"), "ods")

    assert rows[1][1] == "x"


@pytest.mark.parametrize("ending", ["xlsx", "ods", "csv"])
def test_memory_does_not_grow_with_the_rows(ending):
    rows = ((f"Nguyễn Thị {number}", number, date(2014, 5, 7), None) for number in range(10_000))
    sheet = Spreadsheet(title="x", headings=HEADINGS, rows=rows)
    tracemalloc.start()
    try:
        if ending == "csv":
            assert sum(1 for _line in stream_csv(sheet)) == 10_002
        else:
            written(sheet, WRITERS[ending]).close()
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 2_500_000
