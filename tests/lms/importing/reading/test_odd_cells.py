"""A cell with more or less than its field wants keeps what can be kept, and tells the rest."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.refusal import Refusal
from lms.importing.reading.odd_cells import keep_phone, keep_year, says_nothing
from tests.refusing import raises_refusal

MOBILE, OTHER, FIXED = "+84912345678", "+84987654321", "+842263851234"


@pytest.mark.parametrize(
    ("cell", "kept", "is_told"),
    [
        ("0912345678", MOBILE, False),
        ("ĐT: 0912345678", MOBILE, False),
        ("SĐT 0912.345.678", MOBILE, False),
        ("sđt0912345678", MOBILE, False),
        ("DĐ: 0912-345-678", MOBILE, False),
        ('="0912345678"', MOBILE, False),
        ("'0912345678", MOBILE, False),
        ("0912345678.", MOBILE, False),
        ("O912345678", MOBILE, True),
        ("09123456O8", "+84912345608", True),
        ("o912 345 67o", "+84912345670", True),
        ("0912345678 (chồng)", MOBILE, True),
        ("0912345678(Zalo)", MOBILE, True),
        ("0912 345 678 - gọi buổi tối", MOBILE, True),
        ("Zalo: 0912345678", MOBILE, True),
        ("0912345678/0987654321", MOBILE, True),
        ("0912345678\n0987654321", MOBILE, True),
        ("0912345678 0987654321", MOBILE, True),
        ("0912.345.678-0987.654.321", MOBILE, True),
        ("0912345678; 0987654321", MOBILE, True),
        ("0912345678 hoặc 0987654321", MOBILE, True),
        ("02263851234 - 0912345678", MOBILE, True),
        ("NR 0226 385 1234, DĐ 0912 345 678", MOBILE, True),
        ("02263851234 (nhà)", FIXED, True),
        ("01681234567 / 0912345678", MOBILE, True),
        ("01681234567 (cũ)", "01681234567", True),
        ("91234567", "91234567", False),
        ("9.12E+08", "9.12E+08", True),
        (None, "", False),
    ],
)
def test_one_number_is_kept_and_the_rest_told(cell, kept, is_told):
    phone = keep_phone(cell)

    assert (phone.value, bool(phone.remark)) == (kept, is_told)
    assert not is_told or str(cell).split()[0] in phone.remark


@pytest.mark.parametrize(
    ("cell", "year", "is_told"),
    [
        ("00/00/1975", 1975, False), ("0/0/1975", 1975, False), ("--/--/1985", 1985, False),
        ("../../1985", 1985, False), ("…/…/1985", 1985, False), ("  /  /1985", 1985, False),
        ("00/5/1975", 1975, False), ("12/../1975", 1975, False), ("00/1975", 1975, False),
        ("1975.", 1975, False), ("1975...", 1975, False), ("05/03/1985.", 1985, False),
        ("05031985", 1985, False), (5031985, 1985, False), ("19850305", 1985, False),
        ("1977 (Ất Mão)", 1977, True), ("khoảng 1960", 1960, True), ("31/02/1985", 1985, True),
        ("75", 1975, True), (62, 1962, True), ("'75", 1975, True), ("1.986", 1986, True),
        ("19 86", 1986, True), ("", "", False),
    ],
)  # fmt: skip
def test_year_is_kept_of_a_birth_that_is_half_known(cell, year, is_told):
    kept = keep_year(cell)

    assert (kept.value, bool(kept.remark)) == (str(year), is_told)


@pytest.mark.parametrize(
    "cell",
    [
        "không rõ năm", "1980, 1985", "1980-1985", "19855", "1785", 2185, "05/3/985", "5", True,
        "00/00",
    ],
)  # fmt: skip
def test_what_holds_no_single_year_is_refused(cell):
    with raises_refusal("not_a_year"):
        keep_year(cell)


@pytest.mark.parametrize(
    "cell",
    ["không có", "Không", "ko", "KO CÓ", "k", "-", "--", "…", "...", "chưa có", "Chưa rõ", "N/A",
     "không có SĐT", "/", "?", None, "ko dùng ĐT", "__"],
)  # fmt: skip
def test_words_for_nothing_are_no_value(cell):
    assert says_nothing(cell)


@pytest.mark.parametrize("cell", ["0912345678", "CB13384-001", "Kha", "0", "1975", "Không Văn A"])
def test_a_value_is_not_taken_for_nothing(cell):
    assert not says_nothing(cell)


@given(st.none() | st.text() | st.integers() | st.floats() | st.booleans() | st.datetimes())
def test_any_cell_is_kept_told_or_refused(cell):
    keep_phone(cell)
    with suppress(Refusal):
        keep_year(cell)


@given(
    before=st.sampled_from(["", "ĐT: ", "Di động ", "Zalo "]),
    after=st.sampled_from(["", " (chồng)", " - nhà", ".", " / không có"]),
    last=st.integers(0, 10**6 - 1),
)
def test_number_is_found_whatever_stands_around_it(before, after, last):
    assert keep_phone(f"{before}0912{last:06}{after}").value == f"+84912{last:06}"
