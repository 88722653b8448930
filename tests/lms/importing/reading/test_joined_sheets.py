"""Sheets of the same shape make one list, whatever the order of their columns."""

import pytest

from lms.importing.reading.joined_sheets import are_same_shape, join_tables
from tests.factories.files import table_of

KNOWN = ["STT", "Họ và tên", "Năm sinh", "SĐT"]
QUE = table_of([["DANH SÁCH XÃ QUẾ"], KNOWN, [1, "Lê An", 1985, "0912345678"]])


@pytest.mark.parametrize(
    ("labels", "same"),
    [
        (KNOWN, True),
        (["TT", "HỌ VÀ TÊN", " Năm sinh", "Số điện thoại"], True),
        (["STT", "SĐT", "Họ tên", "Năm sinh"], True),
        ([*KNOWN, "Ghi chú"], True),
        (["STT", "Họ và tên", "Năm sinh"], True),
        ([*KNOWN, "", ""], True),
        (["STT", "Họ và tên", "Năm sinh", "Địa chỉ"], False),
        (["STT", "SĐT"], False),
        ([*KNOWN, "Ghi chú", "Trình độ", "Dân tộc"], False),
        ([""], False),
    ],
)
def test_shape_is_told_by_the_headings(labels, same):
    assert are_same_shape(labels, KNOWN) == same
    assert are_same_shape(KNOWN, labels) == same


def test_one_sheet_stays_as_it_is():
    assert join_tables([("Quế", QUE)]) is QUE


def test_columns_find_their_places_and_rows_their_sheet():
    other = table_of([["Họ và tên", "STT", "Năm sinh", "Ghi chú"], ["Vũ Cúc", 1, 1987, "mới"]])

    joined = join_tables([("Quế", QUE), ("Nguyễn Úy", other)])

    assert joined.labels == [*KNOWN, "Ghi chú"]
    assert [row.cells for row in joined.rows] == [
        [1, "Lê An", 1985, "0912345678", None],
        [1, "Vũ Cúc", 1987, None, "mới"],
    ]
    assert [(row.sheet, row.address) for row in joined.rows] == [("Quế", "3"), ("Nguyễn Úy", "2")]
    assert len({row.number for row in joined.rows}) == 2
    assert [(one.sheet, one.number) for one in joined.left_out] == [("Quế", 1)]


def test_columns_without_a_label_stand_beside_the_same_one():
    tables = [
        table_of([["Họ và tên", None, "Năm sinh"], ["Lê Thị", "An", 1985], ["Vũ", "Tý", 1980]]),
        table_of([["Năm sinh", "Họ và tên", None], [1987, "Vũ Thị", "Cúc"], [1988, "Hồ", "Én"]]),
    ]

    joined = join_tables([("1", tables[0]), ("2", tables[1])])

    assert joined.rows[2].cells == ["Vũ Thị", "Cúc", 1987]
