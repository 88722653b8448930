"""Headings of one row or several, with words that offices use or without."""

import pytest

from lms.importing.reading.tables import LeftOutReason
from tests.factories.files import cells_of, table_of
from tests.refusing import raises_refusal

PLAIN = [["STT", "Họ và tên", "Năm sinh", "SĐT"], [1, "Lê An", 1985, "0912345678"]]


@pytest.mark.parametrize(
    "numbering",
    [["(1)", "(2)", "(3)", "(4)"], [1, 2, 3, 4], ["A", "B", 1, 2], ["1", "2", "3", "4=2+3"]],
)
def test_numbers_of_the_columns_are_left_out(numbering):
    rows = [PLAIN[0], numbering, PLAIN[1]]

    left_out = table_of(rows).left_out
    assert [(left.number, left.reason) for left in left_out] == [(2, LeftOutReason.NUMBERING)]


@pytest.mark.parametrize("row", [[13591, 1, 2], [2, 1, 3], ["B", "A", 1], [1, 2, "Lê"]])
def test_figures_are_no_numbers_of_columns(row):
    assert cells_of([["Mã", "Chỉ tiêu", "Số lớp"], row]) == [row]


def test_name_written_in_two_columns_under_one_heading_is_one():
    rows = [
        ["STT", "Họ và tên", None, "Năm sinh"],
        [1, "Nguyễn Văn", "An", 1985],
        [2, "Lê", None, 1],
    ]

    table = table_of(rows, [(0, 1, 0, 2)])

    assert table.labels == ["STT", "Họ và tên", "", "Năm sinh"]
    assert [row.cells for row in table.rows] == [
        [1, "Nguyễn Văn An", None, 1985],
        [2, "Lê", None, 1],
    ]


def test_columns_under_a_merged_heading_with_parts_stay_apart():
    rows = [["STT", "Nơi công tác", None], [None, "Xã", "Huyện"], [1, "Bắc Lý", "Lý Nhân"]]

    table = table_of(rows, [(0, 1, 0, 2)])

    assert table.labels == ["STT", "Nơi công tác / Xã", "Nơi công tác / Huyện"]
    assert [row.cells for row in table.rows] == [[1, "Bắc Lý", "Lý Nhân"]]


def test_heading_of_three_rows_is_joined():
    rows = [
        ["STT", "Họ và tên", "Kết quả", None, None],
        [None, None, "Đầu vào", "Cuối khoá", None],
        [None, None, None, "Lần 1", "Lần 2"],
        [1, "Lê An", 5, 7, 8],
    ]

    assert table_of(rows).labels == [
        "STT",
        "Họ và tên",
        "Kết quả / Đầu vào",
        "Kết quả / Cuối khoá / Lần 1",
        "Kết quả / Cuối khoá / Lần 2",
    ]


def test_label_of_the_second_row_alone_stands_alone():
    rows = [
        [None, "Họ và tên", None, "Năm sinh", None],
        ["STT", None, "Ghi chú", None, "Xã"],
        [1, "Lê An", "mới", 1985, "Bắc Lý"],
    ]

    assert table_of(rows).labels == ["STT", "Họ và tên", "Ghi chú", "Năm sinh", "Xã"]


def test_label_that_reaches_down_is_not_said_twice():
    rows = [["Họ và tên", "Sinh", None], ["Họ và tên", "Ngày", "Năm"], ["Lê An", 5, 1985]]

    with_gap = [["Họ và tên", "Sinh", None, "Xã"], [None, "Ngày", "Năm"], ["Lê An", 5, 1985, "a"]]

    assert table_of(with_gap).labels == ["Họ và tên", "Sinh / Ngày", "Sinh / Năm", "Xã"]
    assert table_of(rows).header_rows == (1,)


def test_heading_with_years_is_a_heading():
    table = table_of([["Xã", 2014, 2015], ["Bắc Lý", 10, 20], ["Tổng", 10, 20]])

    assert table.labels == ["Xã", "2014", "2015"]
    assert [row.cells for row in table.rows] == [["Bắc Lý", 10, 20]]


def test_heading_without_known_words_is_the_first_wide_row_of_texts():
    rows = [
        ["KẾ HOẠCH"],
        ["Mẫu số 1", "Phụ lục"],
        ["Câu hỏi", "Đáp án A", "Đáp án B", "Đúng"],
        ["Trẻ em là ai?", "Dưới 16", "Dưới 18", "A"],
        ["Gọi số nào?", "111", "113", "A"],
    ]

    table = table_of(rows)

    assert table.header_rows == (3,)
    assert [row.number for row in table.rows] == [4, 5]


def test_single_column_is_a_list():
    assert cells_of([["Tên"], ["An"], ["Bình"]]) == [["An"], ["Bình"]]


def test_line_ends_and_spaces_in_labels_are_one_space():
    assert table_of([["Họ và\ntên", "Năm  sinh"], ["An", 1]]).labels == ["Họ và tên", "Năm sinh"]


@pytest.mark.parametrize(
    "rows",
    [
        [[1, 2, 3], [4, 5, 6]],
        [["Họ và tên " * 20, "Năm sinh " * 20], ["An", 1]],
        [["Mẫu số 1", "Biểu số 2"]],
    ],
)
def test_sheet_without_a_heading_is_refused(rows):
    with raises_refusal("no_header"):
        table_of(rows)
