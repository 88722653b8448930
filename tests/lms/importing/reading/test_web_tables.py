"""A table of a web page that is called .xls is read as the sheet it looks like."""

import time

import pytest

from lms.importing.reading.file_types import FileKind
from lms.importing.reading.files import check_upload
from lms.importing.reading.sheets import read_sheets
from lms.importing.reading.tables import find_table
from lms.importing.reading.web_tables import read_web_tables

PAGE = """<html xmlns:o="urn:o"><head><meta charset="utf-8"><title>x</title>
<style><!-- td {mso-number-format:"\\@"} --></style></head><body><table border=1>
<tr><td colspan="3"><b>DANH S&Aacute;CH</b></td></tr>
<tr><th>STT</th><th>Họ và tên</th><th>Xã</th></tr>
<tr><td>1</td><td>Lê&nbsp;Thị<br>Mới</td><td rowspan=2>Quế</td></tr>
<tr><td>2</td><td><font color=red>Tr</font>ần Hai</td></tr>
<tr><td>3<td>Vũ Ba<td>Đức Lý</table><script>"<td>"</script></body></html>"""


def test_page_called_xls_is_read_with_its_merged_cells(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text(PAGE)

    kind = check_upload(path, "a.xls")
    (sheet,) = read_sheets(path, kind)
    table = find_table(sheet)

    assert kind == FileKind.HTML
    assert table.labels == ["STT", "Họ và tên", "Xã"]
    assert [row.cells for row in table.rows] == [
        ["1", "Lê Thị Mới", "Quế"],
        ["2", "Trần Hai", "Quế"],
        ["3", "Vũ Ba", "Đức Lý"],
    ]
    assert [left.text for left in table.left_out] == ["DANH SÁCH"]


@pytest.mark.parametrize(
    ("page", "rows"),
    [
        ("<table><tr><td>a<table><tr><td>b</table>c</table>", [["a b c"]]),
        ("<table><tr><td>a<!-- <td>x --></td><td>1 < 2</td></table>", [["a", "1 2"]]),
        ("<table><td>a</td></table>", [["a"]]),
        ("<table><tr><td colspan=99999>a</td></tr></table>", None),
        ("<table></table></table><td>a", []),
        ("<table><tr><td>a</td></tr><!-- <tr><td>b</td></tr>", [["a"]]),
    ],
)
def test_odd_pages_are_read_as_far_as_they_go(page, rows):
    found = [row for table in read_web_tables(page) for row in table.rows]

    assert rows is None or found == rows
    assert all(len(row) < 1_000 for row in found)


@pytest.mark.parametrize("part", ["<!--", "<", "<td ", "<table><tr><td rowspan=99999>", "<a <"])
def test_hostile_page_is_read_at_once(part):
    started = time.monotonic()
    read_web_tables(part * 100_000)

    assert time.monotonic() - started < 5
