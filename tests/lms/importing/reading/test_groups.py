"""What stands over a group of rows counts for each of them; “như trên” is the cell above."""

import pytest

from lms.importing.reading.tables import LeftOutReason
from tests.factories.files import cells_of, table_of

WIDE = ["STT", "Họ và tên", "Năm sinh", "SĐT", "Ghi chú"]
AN = [1, "Lê An", 1985, "0912345678", None]
BE = [2, "Trần Bé", 1986, "0912345679", None]


def groups_of(*rows, header=WIDE):
    return [row.groups for row in table_of([header, *rows]).rows]


@pytest.mark.parametrize(
    "section",
    [
        ["I. Xã Khả Phong"], ["I", "Xã Khả Phong"], [None, "Xã Khả Phong"],
        [None, "Xã Khả Phong", None, None, 12], ["I", "Xã Khả Phong", 12],
        ["I", "Xã Khả Phong", None, "12 người"], ["I. Xã Khả Phong (12 người)"],
        ["I/ Xã Khả Phong: 12 người"], ["II.", "Xã Khả Phong (12)"],
        [1, "Xã Khả Phong", None, None, 2], ["1", "Xã Khả Phong"], ["* Xã Khả Phong"],
        ["1) Xã Khả Phong - 12 CTV"], ["Xã Khả Phong 12 người"], [None, "Xã Khả Phong", "(02)"],
        ["I", "Xã Khả Phong", "(12 người)", "Nữ: 5"], ["I", "Xã Khả Phong", 12, 5],
    ],
    ids=str,
)  # fmt: skip
def test_row_of_a_group_is_no_person_and_heads_the_rows_below(section):
    table = table_of([WIDE, section, AN, BE])

    assert [row.groups for row in table.rows] == [("Xã Khả Phong",), ("Xã Khả Phong",)]
    assert [one.reason for one in table.left_out] == [LeftOutReason.SECTION]


@pytest.mark.parametrize(
    ("header", "section"),
    [
        (["Họ và tên", "Năm sinh"], ["Xã Khả Phong"]),
        (["Họ và tên", "Năm sinh"], ["II. Thị trấn Quế: 3 người"]),
        (["STT", "Họ và tên", "SĐT"], ["", "UBND xã Khả Phong"]),
    ],
)
def test_unit_heads_a_group_in_a_narrow_list_too(header, section):
    person = ["Lê An", 1985] if len(header) == 2 else [1, "Lê An", "0912345678"]

    ((group,),) = groups_of([cell or None for cell in section], person, header=header)

    assert group in {"Xã Khả Phong", "Thị trấn Quế", "UBND xã Khả Phong"}


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (WIDE, [3, "Vũ Cúc"]),
        (WIDE, [3, "Xa Thị Cúc"]),
        (WIDE, ["Vũ Cúc", None, 34]),
        (WIDE, [None, "Vũ Cúc", 1987]),
        (["Họ và tên", "Năm sinh"], ["Vũ Cúc"]),
        (["Họ và tên", "SĐT", "Xã"], ["C. Vũ Cúc"]),
        (["STT", "Tên xã", "Số người", "Ghi chú"], [1, "Xã Khả Phong", 12]),
        (["Mã", "Chỉ tiêu", "Số lớp", "Ghi chú"], ["B", "Tổng hợp", 1]),
        (["Mã", "Chỉ tiêu", "Số lớp"], ["B", "A", 1]),
    ],
    ids=str,
)
def test_row_of_somebody_or_of_another_list_heads_no_group(header, row):
    first = list(AN[: len(header)])

    table = table_of([header, first, row])

    assert [one.groups for one in table.rows] == [(), ()]


def test_groups_inside_groups_end_with_theirs():
    people = [[None, name, 1980, "x", "y"] for name in ("Lê A", "Lê B", "Lê C", "Lê D", "Lê E")]
    rows = [
        ["A. Huyện Kim Bảng"],
        ["I. Xã Khả Phong"],
        people[0],
        ["II. Xã Thụy Lôi"],
        people[1],
        ["B. Huyện Lý Nhân"],
        people[2],
        ["C. Huyện Thanh Liêm"],
        ["I. Xã Thanh Hà"],
        people[3],
        ["Cộng: 4 người"],
    ]

    assert groups_of(*rows) == [
        ("Huyện Kim Bảng", "Xã Khả Phong"),
        ("Huyện Kim Bảng", "Xã Thụy Lôi"),
        ("Huyện Lý Nhân",),
        ("Huyện Thanh Liêm", "Xã Thanh Hà"),
    ]


@pytest.mark.parametrize(
    ("inner", "groups"),
    [
        (["Thôn 1"], ("Xã Khả Phong", "Thôn 1")),
        (["Cộng tác viên"], ("Xã Khả Phong", "Cộng tác viên")),
        ([None, "(Mới bổ sung)"], ("Xã Khả Phong", "(Mới bổ sung)")),
        (["Thị trấn Quế"], ("Thị trấn Quế",)),
        (["Huyện Lý Nhân"], ("Huyện Lý Nhân",)),
    ],
)
def test_commune_without_a_mark_ends_with_the_next_alone(inner, groups):
    assert groups_of(["Xã Khả Phong"], AN, inner, BE) == [("Xã Khả Phong",), groups]
    assert groups_of(["Xã Khả Phong"], inner, ["Xã Thụy Lôi"], AN)[0][-1] == "Xã Thụy Lôi"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([None, "Mai Văn Riêng"], LeftOutReason.NAME),
        (["Mai Thị Thu Riêng"], LeftOutReason.NAME),
        ([None, "Khả Phong"], LeftOutReason.SECTION),
        ([None, "Xã Trần Hưng Đạo"], LeftOutReason.SECTION),
        (["I. Trần Hưng Đạo"], LeftOutReason.SECTION),
        ([None, "Cộng tác viên"], LeftOutReason.SECTION),
    ],
    ids=str,
)
def test_name_alone_is_told_from_other_headings_of_groups(row, reason):
    assert [one.reason for one in table_of([WIDE, AN, row, BE]).left_out] == [reason]


def test_commune_whose_mark_was_forgotten_ends_the_one_before():
    rows = [["I. Xã Khả Phong"], ["1. Thôn 1"], AN, ["Xã Thụy Lôi"], ["2. Thôn 5"], BE]

    assert groups_of(*rows) == [("Xã Khả Phong", "Thôn 1"), ("Xã Thụy Lôi", "Thôn 5")]


def test_second_phone_below_a_person_heads_no_group():
    rows = [["Xã Khả Phong"], AN, [None, None, None, "0912345670"], BE]

    assert groups_of(*rows) == [("Xã Khả Phong",)] * 3


@pytest.mark.parametrize(
    "sign",
    [
        '"', "”", "″", "〃", "''", "-nt-", "- nt -", "nt", "NT", "như trên", "-Như trên-", "//",
        "-//-", "n/t", "– ” –", "— nt —",
    ],
)  # fmt: skip
def test_sign_for_the_cell_above_is_that_cell(sign):
    rows = [[*AN[:4], "Xã Quế"], [*BE[:4], sign], [3, "Vũ Cúc", 1987, "0912345680", f" {sign} "]]

    assert [cells[4] for cells in cells_of([WIDE, *rows])] == ["Xã Quế"] * 3


def test_sign_for_the_cell_above_is_read_in_a_list_of_places_and_not_in_one_of_questions():
    places = [["STT", "Xã", "Đối tượng"], [1, "Quế", "CTV"], [2, "Nguyễn Úy", "-nt-"]]
    questions = [["Câu hỏi", "A", "B"], ["Dấu nào?", "nt", '"'], ["Dấu gì?", "//", '"']]

    assert cells_of(places)[1][2] == "CTV"
    assert cells_of(questions)[1] == ["Dấu gì?", "//", '"']


@pytest.mark.parametrize("sign", ["-", "không", "nt2", "Nguyễn"])
def test_other_short_cells_are_what_they_say(sign):
    assert cells_of([WIDE, [*AN[:4], "Xã Quế"], [*BE[:4], sign]])[1][4] == sign


def test_sign_below_nothing_is_kept_to_be_refused():
    assert cells_of([WIDE, [*AN[:4], None], [*BE[:4], "-nt-"]])[1][4] == "-nt-"
    assert cells_of([WIDE, [*AN[:4], "-nt-"]])[0][4] == "-nt-"


def test_code_that_ends_with_a_number_is_no_count():
    assert groups_of(["II. Lớp DA2-KB-2"], AN) == [("Lớp DA2-KB-2",)]
