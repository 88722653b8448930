"""Sheets as rows of plain cells, in bounded memory whatever the file asks for."""

import os
import subprocess
import sys
from datetime import date, datetime

import pytest

from lms.core.refusal import Refusal
from lms.importing.reading import sheets
from lms.importing.reading.file_types import FileKind
from lms.importing.reading.sheets import read_sheets
from tests.factories.files import (
    ods_rows,
    with_parts,
    with_sheet_xml,
    write_ods,
    write_sheets,
    write_xls,
    write_xlsx,
)
from tests.services import HUNG_SECONDS

ROWS = [["STT", "Họ và tên", "Ngày sinh"], [1, "Đỗ Thị Hoà", date(1985, 3, 5)]]


def refusal(path, kind=FileKind.XLSX):
    with pytest.raises(Refusal) as refused:
        read_sheets(path, kind)
    assert str(refused.value)
    return refused.value.code


@pytest.fixture
def xlsx(tmp_path):
    return write_xlsx(tmp_path / "list.xlsx", ROWS)


def test_three_formats_give_the_same_rows(tmp_path, xlsx):
    xls = write_xls(tmp_path / "list.xls", ROWS)
    ods = write_ods(tmp_path / "list.ods", ods_rows(ROWS))

    found = [
        read_sheets(path, kind)
        for path, kind in [(xlsx, FileKind.XLSX), (xls, FileKind.XLS), (ods, FileKind.ODS)]
    ]

    read = [[(sheet.name, sheet.rows) for sheet in each] for each in found]
    assert read == [[("Danh sách", ROWS)]] * 3
    texts = ["STT", "Họ và tên", "Ngày sinh", "Đỗ Thị Hoà"]
    assert all(list(sheet.texts()) == texts for (sheet,) in found)


def test_cells_keep_their_kinds(tmp_path):
    row = ["1985", 1985, 12.5, True, datetime(2014, 3, 5, 8, 30), None, date(2014, 3, 5), "=1+1"]  # noqa: DTZ001

    (sheet,) = read_sheets(write_xlsx(tmp_path / "a.xlsx", [row]), FileKind.XLSX)

    assert sheet.rows == [row]
    assert [type(cell) for cell in sheet.rows[0]] == [type(cell) for cell in row]


def test_times_come_as_text(tmp_path, xlsx):
    rows = '<row r="1"><c r="A1" s="1"><v>0.3541666667</v></c><c r="B1" s="2"><v>1.5</v></c></row>'
    path = with_sheet_xml(tmp_path / "a.xlsx", xlsx, rows)
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="20"/><xf numFmtId="46"/></cellXfs></styleSheet>'
    )
    path = with_parts(tmp_path / "b.xlsx", path, {"xl/styles.xml": styles})

    (sheet,) = read_sheets(path, FileKind.XLSX)

    assert sheet.rows == [["08:30", "1 day, 12:00:00"]]


def test_rows_keep_their_places(tmp_path):
    rows = [[], [None, None], [None, "  ", "title"], [], [None, "STT"], [None, 1, None], ["", " "]]

    (sheet,) = read_sheets(write_xlsx(tmp_path / "a.xlsx", rows), FileKind.XLSX)

    assert sheet.rows == [[], [], [None, None, "title"], [], [None, "STT"], [None, 1]]


def test_merge_named_from_its_lower_corner_is_turned_round(tmp_path, xlsx):
    xml = '<mergeCells><mergeCell ref="B4:A2"/></mergeCells>'
    rows = '<row r="2"><c r="A2"><v>1</v></c></row>'
    new = with_sheet_xml(tmp_path / "a.xlsx", xlsx, rows, after=xml)
    old = write_xls(tmp_path / "a.xls", ROWS, merged=[(3, 1, 1, 0)])

    found = [read_sheets(new, FileKind.XLSX), read_sheets(old, FileKind.XLS)]

    assert [[sheet.merged for sheet in each] for each in found] == [[[(1, 0, 3, 1)]]] * 2


def test_merged_cells_are_named(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [["a", None], [None, None]], merged=[(0, 0, 1, 1)])

    (sheet,) = read_sheets(path, FileKind.XLSX)

    assert (sheet.rows, sheet.merged) == ([["a"]], [(0, 0, 1, 1)])


def test_hidden_and_empty_sheets_are_left_out(tmp_path):
    hidden = [("Danh mục", [["Xã"]]), ("Trống", [])]
    path = write_xlsx(tmp_path / "a.xlsx", ROWS, hidden=hidden)

    assert [sheet.name for sheet in read_sheets(path, FileKind.XLSX)] == ["Danh sách"]


def test_workbook_without_rows_is_refused(tmp_path):
    assert refusal(write_xlsx(tmp_path / "a.xlsx", [])) == "empty"


def test_workbook_that_the_reader_cannot_open_is_damaged(tmp_path, xlsx):
    path = with_parts(tmp_path / "a.xlsx", xlsx, {"xl/workbook.xml": "<workbook><sheets"})

    assert refusal(path) == "damaged"


def test_too_many_sheets_are_refused(tmp_path):
    assert len(read_sheets(write_sheets(tmp_path / "a.xlsx", 60), FileKind.XLSX)) == 60
    assert refusal(write_sheets(tmp_path / "b.xlsx", 61)) == "too_many_sheets"


def test_file_without_an_ending_is_read(tmp_path, xlsx):
    (sheet,) = read_sheets(xlsx.rename(tmp_path / "upload"), FileKind.XLSX)

    assert sheet.rows == ROWS


@pytest.mark.parametrize("limit", ["MAX_LETTERS", "MAX_CELLS"])
def test_too_many_letters_or_cells_are_refused(tmp_path, monkeypatch, limit):
    path = tmp_path / "a.csv"
    path.write_text("a,b\nc,d\n", encoding="utf-8")
    monkeypatch.setattr(sheets, limit, 4)
    assert len(read_sheets(path, FileKind.CSV)[0].rows) == 2

    monkeypatch.setattr(sheets, limit, 3)
    assert refusal(path, FileKind.CSV) == "too_much"


def test_texts_that_repeat_are_kept_once(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "_KEPT_ONCE", 1)
    path = tmp_path / "a.csv"
    path.write_text("Xã Bắc Lý\nXã Đạo Lý\nXã Bắc Lý\nXã Đạo Lý\n", encoding="utf-8")

    (sheet,) = read_sheets(path, FileKind.CSV)

    first, other, again, once_more = [row[0] for row in sheet.rows]
    assert first is again
    assert other == once_more


def test_value_in_the_last_column_is_refused(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [["STT", *[None] * 16_382, "x"], [1]])

    assert refusal(path) == "too_many_columns"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (",".join("a" * 300), "too_many_columns"),
        ("STT\n" + "\n" * (sheets.MAX_BLANK_ROWS + 1) + "x\n", "spread_out"),
        ("a\n" * 101_001, "too_many_rows"),
    ],
    ids=["wide", "spread", "long"],
)
def test_text_table_beyond_the_limits_is_refused(tmp_path, text, code):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")

    assert refusal(path, FileKind.CSV) == code


def test_blanks_in_all_columns_are_no_columns(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [["STT", *[" "] * 16_383], [1]])

    (sheet,) = read_sheets(path, FileKind.XLSX)

    assert sheet.rows == [["STT"], [1]]


def test_more_empty_rows_than_a_table_may_have_are_passed_over(tmp_path, xlsx):
    empty = "".join(f'<row r="{number}"/>' for number in range(3, 2 * sheets.MAX_DATA_ROWS))
    rows = f'<row r="2"><c r="A2" t="inlineStr"><is><t>STT</t></is></c></row>{empty}'

    (sheet,) = read_sheets(with_sheet_xml(tmp_path / "a.xlsx", xlsx, rows), FileKind.XLSX)

    assert sheet.rows == [[], ["STT"]]


def test_empty_rows_of_an_open_document_are_passed_over(tmp_path):
    empty = (
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    path = write_ods(tmp_path / "a.ods", ods_rows(ROWS) + empty)

    (sheet,) = read_sheets(path, FileKind.ODS)

    assert sheet.rows == ROWS


def test_blank_rows_up_to_the_limit_are_kept(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("STT\n" + "\n" * sheets.MAX_BLANK_ROWS + "x\n", encoding="utf-8")

    (sheet,) = read_sheets(path, FileKind.CSV)

    assert len(sheet.rows) == sheets.MAX_BLANK_ROWS + 2


def test_blank_rows_at_the_end_of_a_text_table_are_passed_over(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("STT;Tên\n1;Lan\n" + ";\n" * (sheets.MAX_DATA_ROWS + 2000))

    (sheet,) = read_sheets(path, FileKind.CSV)

    assert sheet.rows == [["STT", "Tên"], ["1", "Lan"]]


def test_two_cells_in_opposite_corners_do_not_end_the_worker(tmp_path):
    """A reader that lays out the sheet would ask for 400 GB."""
    path = write_xlsx(tmp_path / "a.xlsx", [["STT"]])
    corner = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )

    assert refusal(with_sheet_xml(tmp_path / "b.xlsx", path, corner)) == "too_much"


def test_one_long_text_in_every_cell_is_refused(tmp_path, xlsx):
    """A few kilobytes that would become gigabytes of text."""
    cells = '<c r="A{0}" t="s"><v>0</v></c>'
    rows = "".join(f'<row r="{n}">{cells.format(n)}</row>' for n in range(1, 90_001))
    path = with_sheet_xml(tmp_path / "a.xlsx", xlsx, rows)
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>{'x' * 30_000}</t></si></sst>"
    )

    assert refusal(with_parts(tmp_path / "b.xlsx", path, {"xl/sharedStrings.xml": strings})) == (
        "too_much"
    )


def test_repeated_cells_of_an_open_document_are_refused(tmp_path):
    rows = (
        '<table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="200" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row>"
    )

    assert refusal(write_ods(tmp_path / "a.ods", rows), FileKind.ODS) in {"too_much", "damaged"}


def test_child_that_stops_without_a_word_is_a_refusal(tmp_path, xlsx, monkeypatch):
    script = tmp_path / "child.py"
    script.write_text('print(\'{"sheet": "a", "merged": []}\')\n', encoding="utf-8")
    monkeypatch.setattr(sheets.child, "__file__", str(script))

    assert refusal(xlsx) == "too_much"


MEASURED = """
import resource, sys
from pathlib import Path
import django
django.setup()
from lms.core.refusal import Refusal
from lms.importing.reading.file_types import FileKind
from lms.importing.reading.sheets import read_sheets
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in sys.argv[1:]:
    try:
        print(len(read_sheets(Path(path), FileKind.XLSX)[0].rows), end=" ")
    except Refusal as refused:
        print(refused.code, end=" ")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.process
def test_memory_of_the_worker_stays_small(tmp_path, xlsx):
    """Measured in a fresh process: what is read before stays out of the sum."""
    rows = {
        "corner": '<row r="1"><c r="A1"><v>1</v></c></row><row r="99999"><c r="IV99999"><v>1</v></c></row>',
        "rows": "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(1, 1_000_001)),
    }
    paths = [with_sheet_xml(tmp_path / f"{name}.xlsx", xlsx, rows[name]) for name in rows]

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", MEASURED, *map(str, paths)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "lms.settings.test"},
        capture_output=True,
        text=True,
        timeout=HUNG_SECONDS,
        check=True,
    )

    *answers, megabytes = done.stdout.split()
    assert len(answers) == len(rows)
    assert {*answers} <= {"too_much", "spread_out", "empty"}
    assert int(megabytes) < 30
