"""Hidden rows and columns of XLS, and files that lie about themselves."""

import struct

import pytest

from lms.importing.reading.file_types import FileKind
from lms.importing.reading.sheets import read_sheets
from lms.importing.reading.tables import find_table, hidden_in
from lms.importing.reading.xls_layout import find_hidden_in_xls
from tests.factories.files import compound, write_xls

ROWS = [["STT", "Họ và tên", "Năm sinh", "Ghi chú"]] + [[n, "Lê An", 1985, "x"] for n in range(4)]
NAME = "Danh sách"


@pytest.fixture
def xls(tmp_path):
    return write_xls(tmp_path / "a.xls", ROWS, hidden_rows=[2, 3], hidden_columns=[(3, 3)])


def test_hidden_rows_and_columns_are_found(xls):
    assert find_hidden_in_xls(xls) == {NAME: ([(2, 2), (3, 3)], [(3, 3)])}

    (sheet,) = read_sheets(xls, FileKind.XLS)
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2, 3}, {3})
    assert hidden_in(find_table(sheet), sheet) == (2, ["Ghi chú"])


def test_workbook_that_hides_nothing_says_so(tmp_path):
    assert find_hidden_in_xls(write_xls(tmp_path / "a.xls", ROWS)) == {NAME: ([], [])}


def test_workbook_of_many_sectors_is_walked_to_its_end(tmp_path):
    rows = [ROWS[0], *([n, "Nguyễn Thị Một Tên Dài", 1985, "x" * 60] for n in range(200))]
    path = write_xls(tmp_path / "a.xls", rows, hidden_rows=[150], hidden_columns=[(0, 255)])

    assert find_hidden_in_xls(path) == {NAME: ([(150, 150)], [(0, 255)])}


@pytest.mark.parametrize("length", [0, 20, 76, 512, 600, 1100, 1500])
def test_cut_off_workbook_is_no_mistake_of_ours(xls, length):
    xls.write_bytes(xls.read_bytes()[:length])

    assert find_hidden_in_xls(xls) in ({}, {NAME: ([], [])})


@pytest.mark.parametrize("place", [30, 48, 68, 76, 512, 516, 520, 1024 + 116, 1024 + 128 + 116])
@pytest.mark.parametrize("number", [0, 1, 2, 0x7FFFFFFF, 0xFFFFFFFF])
def test_lying_numbers_end_with_the_file(xls, place, number):
    content = bytearray(xls.read_bytes())
    content[place : place + 4] = struct.pack("<I", number)
    xls.write_bytes(content)

    assert len(find_hidden_in_xls(xls)) <= 1


def test_table_of_sectors_may_go_on_elsewhere(xls):
    """A workbook of more than 7 MB names its tables in sectors of their own."""
    content = bytearray(xls.read_bytes())
    sectors = (len(content) - 512) // 512
    further = [0, *[0xFFFFFFFF] * 126, 0xFFFFFFFE]
    content += struct.pack("<128I", *further)
    struct.pack_into("<II", content, 68, sectors, 1)
    struct.pack_into("<I", content, 76, 0xFFFFFFFF)
    xls.write_bytes(content)

    assert find_hidden_in_xls(xls)[NAME][0] == [(2, 2), (3, 3)]


def replaced(path, old, new):
    """Of the same length: the places of the sheets stand."""
    content = path.read_bytes()
    assert (content.count(old), len(old)) == (1, len(new))
    path.write_bytes(content.replace(old, new))


def test_chart_inside_a_sheet_is_passed_over(tmp_path):
    path = write_xls(tmp_path / "a.xls", ROWS, hidden_columns=[(1, 1), (2, 2), (3, 3)])
    column = struct.Struct("<HH6H")
    shown = column.pack(0x007D, 12, 1, 1, 2048, 0, 0, 0)
    chart = struct.pack("<8H", 0x0809, 0, 0x000A, 0, 0, 4, 0, 0)
    replaced(path, column.pack(0x007D, 12, 1, 1, 2048, 0, 1, 0), shown)
    replaced(path, column.pack(0x007D, 12, 2, 2, 2048, 0, 1, 0), chart)

    assert find_hidden_in_xls(path) == {NAME: ([], [(3, 3)])}


def test_name_with_one_byte_a_letter_is_read(xls):
    name, plain = NAME.encode("utf-16-le"), b"Danh sach"
    replaced(xls, bytes([len(NAME), 1]) + name, bytes([len(NAME), 0]) + plain + bytes(len(plain)))

    assert list(find_hidden_in_xls(xls)) == ["Danh sach"]


def test_compound_file_without_a_workbook_hides_nothing(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(compound([("WordDocument", b"x")]))

    assert find_hidden_in_xls(path) == {}
