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


def test_odd_birth_under_men_and_women_is_one_of_theirs():
    rows = [
        ["STT", "Họ và tên", "Năm sinh", None],
        [None, None, "Nam", "Nữ"],
        [1, "An", "khoảng 1980"],
        [2, "Bé", None, "1985"],
        [3, "Cúc", None, 1990],
    ]

    cells = [row.cells[2:] for row in table_of(rows).rows]

    assert cells == [["khoảng 1980", "Nam"], ["1985", "Nữ"], [1990, "Nữ"]]


@pytest.mark.parametrize("over", [None, "Giới tính"])
def test_births_under_men_and_women_alone(over):
    rows = [
        ["STT", "Họ và tên", over, None],
        [None, None, "Nam", "Nữ"],
        [1, "An", 1980],
        [2, "Bé", None, "05/3/1985"],
    ]
    if over is None:
        rows[:2] = [["STT", "Họ và tên", "Nam", "Nữ"]]

    table = table_of(rows)

    assert table.labels == ["STT", "Họ và tên", "Năm sinh", "Giới tính"]
    assert [row.cells[2:] for row in table.rows] == [[1980, "Nam"], ["05/3/1985", "Nữ"]]


def test_years_under_men_and_women_beside_a_birth_are_left_alone():
    rows = [["Họ và tên", "Năm sinh", "Nam", "Nữ"], ["An", 1980, 2013, 2014], ["Bé", 1981, 2013]]

    assert table_of(rows).labels == ["Họ và tên", "Năm sinh", "Nam", "Nữ"]


@pytest.mark.parametrize("over", ["Số học viên", "Giới tính", "Năm sinh"])
def test_counts_of_men_and_women_are_left_alone(over):
    rows = [["STT", "Xã", over, None], [None, None, "Nam", "Nữ"], [1, "Bắc Lý", 120, 135]]

    table = table_of(rows)

    assert table.labels == ["STT", "Xã", f"{over} / Nam", f"{over} / Nữ"]
    assert table.rows[0].cells == [1, "Bắc Lý", 120, 135]


@pytest.mark.parametrize("heading", ["Nữ", "NỮ", "Nữ (x)", "Giới tính (Nữ)", "Giới tính nữ"])
def test_ticked_column_for_women_alone_is_the_sex(heading):
    rows = [["STT", "Họ và tên", heading], [1, "An"], [2, "Bé", "x"], [3, "Cúc", "0"]]

    table = table_of(rows)

    assert table.labels == ["STT", "Họ và tên", "Giới tính"]
    assert [row.cells[2] for row in table.rows] == ["Nam", "Nữ", "Nam"]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [("Nữ", (12, 3)), ("Nữ", (None, None)), ("Nam/Nữ", ("x", None)), ("Nam / Nữ", ("Nam", "Nữ")),
     ("Số nữ", ("x", None)), ("Chi hội phụ nữ", ("x", None))],
)  # fmt: skip
def test_other_columns_about_women_are_left_alone(heading, cells):
    rows = [["STT", "Họ và tên", heading, "Ghi chú"]]
    rows += [[number, "An", cell, "a"] for number, cell in enumerate(cells, start=1)]

    table = table_of(rows)

    assert table.labels[2] == heading
    assert [row.cells[2] for row in table.rows] == list(cells)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Năm sinh (Nam)", "Năm sinh (Nữ)"), ("Năm sinh nam", "Năm sinh nữ"),
     ("Năm sinh - Nam", "Năm sinh - Nữ")],
)  # fmt: skip
def test_births_of_men_and_women_in_one_row_of_the_heading(left, right):
    rows = [["STT", "Họ và tên", left, right], [1, "An", 1980], [2, "Bé", None, 1985]]

    table = table_of(rows)

    assert table.labels == ["STT", "Họ và tên", "Năm sinh", "Giới tính"]
    assert [row.cells[2:] for row in table.rows] == [[1980, "Nam"], [1985, "Nữ"]]
