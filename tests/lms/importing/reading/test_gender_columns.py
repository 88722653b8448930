"""Columns for men and women: which of them tell the sex of a person."""

import pytest

from tests.factories.files import table_of


def test_ticks_for_men_and_women_become_the_sex():
    rows = [
        ["STT", "Họ và tên", "Giới tính", None, "Ghi chú"],
        [None, None, "Nam", "Nữ"],
        [1, "An", "x"],
        [2, "Bé", None, "X"],
        [3, "Cúc", "0", 1],
        [4, "Đào"],
        [5, "Em", "x", "x", "?"],
    ]

    table = table_of(rows)

    assert table.labels == ["STT", "Họ và tên", "Giới tính", "", "Ghi chú"]
    assert [row.cells[2:4] for row in table.rows] == [
        ["Nam", None],
        ["Nữ", None],
        ["Nữ", None],
        [None, None],
        ["Nam, Nữ", None],
    ]


def test_births_under_men_and_women_become_birth_and_sex():
    rows = [
        ["STT", "Họ và tên", "Năm sinh", None],
        [None, None, "Nam", "Nữ"],
        [1, "An", 1980],
        [2, "Bé", None, "05/3/1985"],
        [3, "Cúc", 1980, 1985],
    ]

    table = table_of(rows)

    assert table.labels == ["STT", "Họ và tên", "Năm sinh", "Giới tính"]
    assert [row.cells[2:] for row in table.rows] == [
        [1980, "Nam"],
        ["05/3/1985", "Nữ"],
        ["1980, 1985", "Nam, Nữ"],
    ]


@pytest.mark.parametrize("over", ["Số học viên", "Giới tính", "Năm sinh"])
def test_counts_of_men_and_women_are_left_alone(over):
    rows = [["STT", "Xã", over, None], [None, None, "Nam", "Nữ"], [1, "Bắc Lý", 120, 135]]

    table = table_of(rows)

    assert table.labels == ["STT", "Xã", f"{over} / Nam", f"{over} / Nữ"]
    assert table.rows[0].cells == [1, "Bắc Lý", 120, 135]
