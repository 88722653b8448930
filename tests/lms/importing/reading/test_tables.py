"""The list inside a sheet, with all that offices write above, between and below its rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.refusal import Refusal
from lms.importing.reading import tables
from lms.importing.reading.tables import LeftOutReason
from tests.factories.files import cells_of, table_of

PLAIN = [["STT", "Họ và tên", "Năm sinh", "SĐT"], [1, "Lê An", 1985, "0912345678"]]

OFFICIAL = [
    ["UBND XÃ BẮC LÝ", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    [None, None, None, "Độc lập - Tự do - Hạnh phúc"],
    [],
    ["DANH SÁCH CỘNG TÁC VIÊN NĂM 2014"],
    ["STT", "Họ và tên", "Ngày sinh", None, "Nơi công tác", None, "Ghi chú"],
    [None, None, "Ngày, tháng", "Năm", "Xã", "Huyện"],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
    ["I", "Cấp xã"],
    [1, "Tống Công Thành", "05/3", 1980, "Bắc Lý", "Lý Nhân"],
    [2, "Trần Thị Bé", None, 1985, "Bắc Lý", "Lý Nhân", "mới"],
    [],
    ["II. Cấp thôn"],
    [3, "Nguyễn Văn Cộng", None, "1990", "Đạo Lý", "Lý Nhân"],
    ["Tổng cộng: 3 người"],
    [],
    [None, None, None, None, "Bắc Lý, ngày 05 tháng 3 năm 2014"],
    [None, "NGƯỜI LẬP BIỂU", None, None, "THỦ TRƯỞNG ĐƠN VỊ"],
    [None, "(Ký, ghi rõ họ tên)", None, None, "(Ký tên, đóng dấu)"],
    [],
    [None, "Nguyễn Thị Lan", None, None, "Trần Văn Minh"],
]


def reasons_of(rows):
    return [(left.number, left.reason) for left in table_of(rows).left_out]


def refusal(rows):
    with pytest.raises(Refusal) as refused:
        table_of(rows)
    assert str(refused.value)
    return refused.value.code


def test_plain_list_is_taken_as_it_is():
    table = table_of(PLAIN)

    assert table.header_rows == (1,)
    assert table.labels == PLAIN[0]
    assert [(row.number, row.cells) for row in table.rows] == [(2, PLAIN[1])]
    assert table.left_out == []


def test_official_list_gives_its_people_alone_and_says_why_the_rest_is_left_out():
    table = table_of(OFFICIAL)

    assert table.header_rows == (5, 6)
    assert table.labels == [
        "STT",
        "Họ và tên",
        "Ngày sinh / Ngày, tháng",
        "Ngày sinh / Năm",
        "Nơi công tác / Xã",
        "Nơi công tác / Huyện",
        "Ghi chú",
    ]
    assert [(row.number, row.cells[1]) for row in table.rows] == [
        (9, "Tống Công Thành"),
        (10, "Trần Thị Bé"),
        (13, "Nguyễn Văn Cộng"),
    ]
    assert {len(row.cells) for row in table.rows} == {7}
    assert [(left.number, left.reason) for left in table.left_out] == [
        (1, LeftOutReason.TITLE),
        (2, LeftOutReason.TITLE),
        (4, LeftOutReason.TITLE),
        (7, LeftOutReason.NUMBERING),
        (8, LeftOutReason.SECTION),
        (12, LeftOutReason.SECTION),
        (14, LeftOutReason.TOTAL),
        (16, LeftOutReason.FOOTER),
        (17, LeftOutReason.FOOTER),
        (18, LeftOutReason.FOOTER),
        (20, LeftOutReason.FOOTER),
    ]
    assert table.left_out[6].text == "Tổng cộng: 3 người"


@pytest.mark.parametrize(
    "total",
    ["Tổng cộng", "TỔNG CỘNG:", "Cộng", "Tổng số: 25", "Tổng", "Cộng: 25 người", "tong cong",
     "Danh sách này có 25 người", "Ấn định danh sách gồm 25 đồng chí", "Tổng cộng (I+II): 5"],
)  # fmt: skip
def test_totals_are_no_people(total):
    rows = [*PLAIN, [None, total, None, 25]]

    assert reasons_of(rows) == [(3, LeftOutReason.TOTAL)]


@pytest.mark.parametrize(
    "name",
    ["Tống Cộng", "Tống Văn Cộng", "Công", "Cống Thị Tổng", "Tống", "Danh Sách", "Ký", "Lập"],
)
def test_people_whose_names_look_like_totals_are_people(name):
    assert cells_of([*PLAIN, [2, name, 1990]]) == [PLAIN[1], [2, name, 1990, None]]
    without_numbers = [["Họ tên", "Năm sinh"], [name, 1990]]
    assert cells_of(without_numbers) == [[name, 1990]]


@pytest.mark.parametrize(
    "signature",
    [
        ["Người lập biểu", "THỦ TRƯỞNG ĐƠN VỊ"],
        ["NGƯỜI LẬP"],
        ["Hà Nam, ngày 5 tháng 3 năm 2014"],
        ["Ngày ... tháng ... năm 2014"],
        ["TM. UBND XÃ BẮC LÝ"],
        ["KT. GIÁM ĐỐC"],
        ["CHỦ TỊCH UBND XÃ"],
        ["Xác nhận của UBND xã", "Kế toán"],
        ["Nơi nhận:"],
        ["(Ký, ghi rõ họ tên)"],
    ],
)
def test_list_ends_with_its_signatures(signature):
    rows = [["Họ tên", "Năm sinh"], ["Lê An", 1985], signature, ["Nguyễn Thị Lan", "Trần Minh"]]

    assert cells_of(rows) == [["Lê An", 1985]]
    assert reasons_of(rows) == [(3, LeftOutReason.FOOTER), (4, LeftOutReason.FOOTER)]


def test_post_of_a_person_is_no_signature():
    rows = [["Họ và tên", "Chức vụ"], ["Lê An", "Chủ tịch"], ["Đỗ Bé", "Trưởng ban"]]

    assert cells_of(rows) == rows[1:]


def test_signature_between_numbered_rows_does_not_end_the_list():
    rows = [*PLAIN, ["", "Người lập biểu"], [2, "Đỗ Bé", 1990]]

    assert [row[1] for row in cells_of([[c or None for c in row] for row in rows])] == [
        "Lê An",
        "Đỗ Bé",
    ]


def test_heading_repeated_on_a_new_page_is_left_out():
    rows = [*PLAIN, PLAIN[0], [2, "Đỗ Bé", 1990]]

    assert reasons_of(rows) == [(3, LeftOutReason.REPEATED)]


@pytest.mark.parametrize("section", [["B. Cấp thôn"], ["I", "Cấp xã"], ["A.", "Cấp huyện"]])
def test_headings_of_sections_are_left_out(section):
    assert reasons_of([*PLAIN, section]) == [(3, LeftOutReason.SECTION)]


def test_numbered_row_with_little_in_it_is_a_row():
    assert cells_of([*PLAIN, [2, "Đỗ Bé"], ["3."]]) == [
        PLAIN[1],
        [2, "Đỗ Bé", None, None],
        ["3.", None, None, None],
    ]


def test_unnumbered_row_with_name_and_year_is_a_row():
    assert cells_of([*PLAIN, [None, "Đỗ Bé", 1990]])[1] == [None, "Đỗ Bé", 1990, None]


def test_cell_merged_over_rows_counts_in_each():
    rows = [
        ["STT", "Họ và tên", "Xã"],
        [1, "Lê An", "Bắc Lý"],
        [2, "Đỗ Bé"],
        [],
        [3, "Vũ Cúc"],
        [4, "Ngô Đào", "Đạo Lý"],
    ]

    # Over rows 2 to 5; over the blank heading; beyond the end; without a value.
    merged = [(1, 2, 4, 2), (0, 0, 0, 1), (9, 0, 10, 0), (1, 3, 4, 3)]

    assert [row[2] for row in cells_of(rows, merged)] == ["Bắc Lý"] * 3 + ["Đạo Lý"]


@pytest.mark.parametrize(
    "merged",
    [
        [(4, 2, 1, 2)],
        [(4, 3, 1, 2)],
        [(1, 2, 2**32 - 1, 400)],
        # The second begins in what the first covers, the third holds the heading.
        [(1, 2, 4, 2), (2, 2, 5, 2), (0, 2, 0, 2)],
        [(1, -1, 4, -1), (-3, 2, -1, 2), (1, 300, 4, 400), (1, 2, 4, 2)],
    ],
)
def test_merges_that_no_spreadsheet_writes_fill_their_own_rows(merged):
    rows = [["STT", "Họ và tên", "Xã"], [1, "An", "Bắc Lý"], [2, "Bé"], [3, "Cúc"], [4, "Đào"]]

    assert [row[2] for row in cells_of(rows, merged)] == ["Bắc Lý"] * 4


def test_merge_that_shares_a_cell_with_one_above_it_fills_nothing():
    rows = [["STT", "Họ và tên", "Xã"], [1, "An", "Bắc Lý"], [2, "Bé"], [3, "Cúc"]]

    assert [row[2] for row in cells_of(rows, [(1, 2, 2, 3), (2, 2, 3, 2)])] == [
        *["Bắc Lý"] * 2,
        None,
    ]


def test_merged_cells_without_end_are_not_followed(monkeypatch):
    monkeypatch.setattr(tables, "_MOST_FILLED", 1)
    rows = [["STT", "Họ và tên", "Xã"], [1, "An", "Bắc Lý"], [2, "Bé"], [3, "Cúc"]]

    assert [row[2] for row in cells_of(rows, [(1, 2, 3, 2)])] == ["Bắc Lý", "Bắc Lý", None]


def test_columns_without_label_and_content_are_cut_off():
    rows = [["STT", "Họ và tên", None, None], [1, "An", None, "x"], [2, "Bé"]]

    table = table_of(rows)

    assert table.labels == ["STT", "Họ và tên", "", ""]
    assert [row.cells for row in table.rows] == [[1, "An", None, "x"], [2, "Bé", None, None]]
    assert table_of([["STT", "Họ và tên", None], [1, "An"]]).labels == ["STT", "Họ và tên"]


@pytest.mark.parametrize("below", [[], [["Tổng cộng", None, 0]]])
def test_heading_without_rows_is_refused(below):
    assert refusal([PLAIN[0], *below]) == "no_rows"


def test_too_many_rows_of_data_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_DATA_ROWS", 2)
    people = [[number, "An", 1985] for number in range(1, 4)]

    assert len(cells_of([PLAIN[0], *people[:2], ["Tổng cộng"]])) == 2
    assert refusal([PLAIN[0], *people]) == "too_many_rows"


ANY_CELL = (
    st.none()
    | st.text(max_size=5)
    | st.integers(0, 2100)
    | st.dates()
    | st.sampled_from(
        ["STT", "Họ và tên", "SĐT", "Nam", "Nữ", "Cộng", "Người lập", "I", "(1)", "x"]
    )
)


@given(
    st.lists(st.lists(ANY_CELL, max_size=6), max_size=8),
    st.lists(st.tuples(*[st.integers(-1, 9) | st.integers(0, 2**32 - 1)] * 4), max_size=3),
)
def test_any_rows_give_a_table_or_a_refusal(rows, merged):
    """Every row of the sheet is taken, left out with a reason, blank, or the heading."""
    rows = [[cell or None for cell in row] for row in rows]
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    try:
        table = table_of(rows, merged)
    except Refusal:
        return

    told = [row.number for row in table.rows] + [left.number for left in table.left_out]
    filled = {number for number, row in enumerate(rows, start=1) if row}
    assert sorted(told) == sorted(filled - set(table.header_rows))
    assert {len(row.cells) for row in table.rows} == {len(table.labels)}


NAMES = st.sampled_from(["Nguyễn Văn An", "Tống Cộng", "Lê Thị Ký", "Cống Thị Tổng", "Trần Bé"])
PEOPLE = st.lists(st.tuples(NAMES, st.integers(1950, 2005)), min_size=1, max_size=12)
ABOVE = st.lists(
    st.sampled_from([[], ["DANH SÁCH HỌC VIÊN"], [None, None, "Độc lập - Tự do - Hạnh phúc"]]),
    max_size=5,
)
BETWEEN = st.sampled_from(
    [[], ["", "Cấp xã"], ["II", "Cấp thôn"], ["STT", "Họ và tên", "Năm sinh", "Xã"]]
)
BELOW = st.lists(
    st.sampled_from(
        [[], ["Tổng cộng", None, 3], ["Người lập biểu", None, "CHỦ TỊCH"], ["(Đã ký)"]]
    ),
    max_size=4,
)


@given(PEOPLE, ABOVE, BETWEEN, BELOW)
def test_people_are_the_same_whatever_stands_around_them(people, above, between, below):
    heading = ["STT", "Họ và tên", "Năm sinh", "Xã"]
    rows = [[n, name, year, "Bắc Lý"] for n, (name, year) in enumerate(people, start=1)]
    middle = [cell or None for cell in between]

    assert cells_of([*above, heading, *rows[:1], middle, *rows[1:], *below]) == rows
