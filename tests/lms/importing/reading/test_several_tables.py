"""Two lists in one sheet are two; nobody disappears above a later heading or below a signature."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.importing.reading.several_tables import looks_like_person, split_tables
from lms.importing.reading.sheets import Sheet
from lms.importing.reading.tables import LeftOutReason, find_table
from tests.factories.files import table_of

FIRST = [["STT", "Họ và tên", "Năm sinh"], [1, "Lê An", 1985], [2, "Vũ Cúc", 1987]]
SECOND = [
    ["DANH SÁCH CÁN BỘ HUYỆN"],
    ["STT", "Họ và tên", "Năm sinh", "SĐT", "Chức vụ"],
    [1, "Trần Bé", 1986, "0912345678", "Cán bộ"],
]


def people(sheet):
    return [
        [(row.number, row.cells[1]) for row in find_table(one).rows] for one in split_tables(sheet)
    ]


def test_each_list_of_a_sheet_is_found_with_its_rows():
    sheet = Sheet("Xã", [["DANH SÁCH"], *FIRST, [], *SECOND], [(0, 0, 0, 2), (5, 0, 5, 4)])

    assert people(sheet) == [[(3, "Lê An"), (4, "Vũ Cúc")], [(8, "Trần Bé")]]
    assert len({part.name for part in split_tables(sheet)}) == 2
    assert [part.merged for part in split_tables(sheet)] == [[(0, 0, 0, 2)], [(5, 0, 5, 4)]]
    assert find_table(split_tables(sheet)[0]).left_out[0].reason == LeftOutReason.TITLE


@pytest.mark.parametrize(
    "again",
    [FIRST[0], ["STT ", "HỌ VÀ  TÊN", " Năm sinh"], ["TT", "Họ tên", "Năm sinh"]],
    ids=["same", "stray-blanks", "short-words"],
)
def test_heading_that_comes_again_goes_on_with_the_list(again):
    sheet = Sheet("", [*FIRST, again, [3, "Hồ Dung", 1990]])

    assert people(sheet) == [[(2, "Lê An"), (3, "Vũ Cúc"), (5, "Hồ Dung")]]


def test_rows_that_name_units_begin_no_list():
    rows = [["Mã đơn vị", "Loại đơn vị", "Tên đơn vị"], ["13384", "Xã", "Huyện"], ["1", "Xã", "B"]]

    assert len(split_tables(Sheet("", rows))) == 1


@given(st.lists(st.sampled_from([FIRST, SECOND, [[]], [["Ghi chú gì đó"]]]), max_size=6))
def test_every_row_is_in_one_list_with_its_number(blocks):
    rows = [row for block in blocks for row in block]
    parts = split_tables(Sheet("", rows))

    for number, row in enumerate(rows):
        found = [one.rows[number] for one in parts if number < len(one.rows)]
        assert [cells for cells in found if cells] == ([row] if row else [])


@pytest.mark.parametrize(
    ("row", "is_person"),
    [
        ([1, "Lê Thị An", 1985], True),
        (["Lê Thị An", "0912 345 678"], True),
        (["LÊ THỊ AN", "05/3/1985"], True),
        (["Lê Thị An", date(1985, 3, 5)], True),
        ([1, "Lê Thị An"], False),
        (["UBND XÃ BẮC LÝ", "Độc lập - Tự do - Hạnh phúc"], False),
        (["Bắc Lý, ngày 05 tháng 3 năm 2014"], False),
        (["Cộng", 2014], False),
        (["Người lập biểu", 2014], False),
        ([], False),
    ],
)
def test_person_is_told_from_titles_and_signatures(row, is_person):
    assert looks_like_person(row) == is_person


def test_person_above_the_heading_is_named_as_one():
    table = table_of([[1, "Lê Thị An", 1985, "Quế"], *SECOND[1:]])

    assert [(one.number, one.reason) for one in table.left_out] == [(1, LeftOutReason.PERSON)]


def test_person_below_the_signatures_is_taken_in():
    rows = [["Họ và tên", "Năm sinh"], ["Lê An", 1985], ["Người lập biểu"], ["Vũ Thị Cúc", 1987]]

    assert [row.number for row in table_of(rows).rows] == [2, 4]


def test_lists_beside_each_other_are_two_with_the_titles_and_groups_of_both():
    rows = [
        ["DANH SÁCH CỘNG TÁC VIÊN"],
        ["STT", "Họ và tên", "Năm sinh", None, "STT", "Họ và tên", "Năm sinh"],
        ["Xã Quế"],
        [1, "Lê An", 1985, None, 2, "Vũ Cúc", 1987],
        [3, "Trần Bé", 1986],
    ]
    sheet = Sheet("", rows, [(3, 0, 4, 0), (3, 4, 4, 4), (0, 0, 0, 6)], hidden_columns={2, 6})

    first, second = split_tables(sheet)

    assert people(sheet) == [[(4, "Lê An"), (5, "Trần Bé")], [(4, "Vũ Cúc")]]
    assert find_table(second).rows[0].groups == ("Xã Quế",)
    assert [one.text for one in find_table(second).left_out] == [
        "DANH SÁCH CỘNG TÁC VIÊN",
        "Xã Quế",
    ]
    assert (first.merged, second.merged) == ([(3, 0, 4, 0)], [(3, 0, 4, 0)])
    assert (first.hidden_columns, second.hidden_columns) == ({2}, {2})


def test_two_columns_of_one_name_are_no_two_lists():
    heading = ["STT", "Họ và tên", "Năm sinh", "Họ và tên", "Ghi chú"]

    assert len(split_tables(Sheet("", [heading, [1, "Lê An", 1985, "Lê Bố", None]]))) == 1
