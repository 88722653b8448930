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


def in_one_row(left, right):
    return [["STT", "Họ và tên", left, right]]


def below(over):
    return [["STT", "Họ và tên", over, None], [None, None, "Nam", "Nữ"]]


@pytest.mark.parametrize(
    ("heading", "births", "cells"),
    [
        *[
            (heading, [(1980,), (None, "05/3/1985")], [[1980, "Nam"], ["05/3/1985", "Nữ"]])
            for heading in (
                below("Năm sinh"),
                below("Giới tính"),
                in_one_row("Nam", "Nữ"),
                in_one_row("Năm sinh (Nam)", "Năm sinh (Nữ)"),
                in_one_row("Năm sinh nam", "Năm sinh nữ"),
                in_one_row("Năm sinh - Nam", "Năm sinh - Nữ"),
            )
        ],
        (below("Năm sinh"), [(1980, 1985)], [["1980, 1985", "Nam, Nữ"]]),
        (
            below("Năm sinh"),
            [("khoảng 1980",), (None, "1985"), (None, 1990)],
            [["khoảng 1980", "Nam"], ["1985", "Nữ"], [1990, "Nữ"]],
        ),
    ],
)
def test_births_under_men_and_women_become_birth_and_sex(heading, births, cells):
    table = table_of([*heading, *([1, "An", *born] for born in births)])

    assert table.labels == ["STT", "Họ và tên", "Năm sinh", "Giới tính"]
    assert [row.cells[2:] for row in table.rows] == cells


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
