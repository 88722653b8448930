"""What offices write around names comes off; names themselves are never touched."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts.rosters.domain.names import read_name

TESTS = Path(__file__).parents[4]
NAME = "Nguyễn Thị Hương"
FAMILIES = ["Nguyễn", "Trần", "Lê", "Chu", "Bá", "Ông", "Ong", "Đỗ", "Cồ", "Bạch", "H'Hen", "Y"]
GIVEN = ["Anh", "Em", "Bé", "Cô", "Ba", "Chú", "Thầy", "Hương", "Út", "Bắc", "Ðạt", "Ts"]
AROUND = [
    "Ông", "Bà ", "Đ/c ", "1. ", "01) ", "- ", "• ", "*", " (CTV thôn 2)", " - 1975", "'", "(",
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "left_off"),
    [
        ("Ông Nguyễn Thị Hương", ["Ông"]),
        ("BÀ Nguyễn Thị Hương", ["BÀ"]),
        ("Đ/c Nguyễn Thị Hương", ["Đ/c"]),
        ("Ð/c. Nguyễn Thị Hương", ["Đ/c."]),
        ("Đồng chí: Nguyễn Thị Hương", ["Đồng chí:"]),
        ("Ông/Bà Nguyễn Thị Hương", ["Ông/Bà"]),
        ("ThS.BS. Nguyễn Thị Hương", ["ThS.", "BS."]),
        ("PGS TS Nguyễn Thị Hương", ["PGS", "TS"]),
        ("1. Nguyễn Thị Hương", ["1."]),
        ("01) Bà Nguyễn Thị Hương", ["01)", "Bà"]),
        ("12 Nguyễn Thị Hương", ["12"]),
        ("- Nguyễn Thị Hương", ["-"]),
        ("•\u00a0Nguyễn Thị Hương", ["•"]),
        ("+ Chị Nguyễn Thị Hương", ["+", "Chị"]),
        ("'Nguyễn Thị Hương", ["'"]),
        ("’Nguyễn Thị Hương", ["'"]),
        ("Nguyễn Thị Hương (CTV thôn 2)", ["(CTV thôn 2)"]),
        ("Nguyễn Thị Hương (CTV thôn 2", ["(CTV thôn 2"]),
        ("Nguyễn Thị [thay bà Lan] Hương", ["[thay bà Lan]"]),
        ("Nguyễn Thị Hương - 1975", ["- 1975"]),
        ("Nguyễn Thị Hương-1975", ["-1975"]),
        ("Nguyễn Thị Hương – thôn 4 (mới)", ["– thôn 4", "(mới)"]),
        ("Nguyễn Thị Hương, 0912 345 678", [", 0912 345 678"]),
        ("Nguyễn Thị Hương 1975", ["1975"]),
        ("Nguyễn Thị Hương*", ["*"]),
        ("Nguyễn Thị Hương thay cho Tô Văn Bình", ["thay cho Tô Văn Bình"]),
        ("Nguyễn Thị Hương thay bà Lan", ["thay bà Lan"]),
        ("Nguyễn Thị Hương kiêm trưởng thôn", ["kiêm trưởng thôn"]),
        ("Nguyễn Thị Hương và Hà Thị Dần", ["và Hà Thị Dần"]),
        ("Nguyễn Thị Hương ...", ["..."]),
    ],
)
def test_what_stands_around_a_name_comes_off_and_is_told(written, left_off):
    read = read_name(text=written)

    assert (read.name, list(read.left_off)) == (NAME, left_off)
    assert not read.is_lone


@pytest.mark.parametrize(
    ("written", "name", "is_lone"),
    [
        ("Bà Hoa", "Hoa", True), ("Ông Tư", "Tư", True), ("H'Hen", "H'Hen", True),
        ("KB-9001", "KB-9001", False), ("TE01", "TE01", False),
        ("Ông Ích Khiêm", "Ông Ích Khiêm", False), ("Jean-Paul Lê", "Jean-Paul Lê", False),
        ("Nguyễn T. Hoa", "Nguyễn T. Hoa", False), ("Anh", "Anh", True), ("12", "12", False),
        ("(*)", "(*)", False), ("", "", False),
    ],
)  # fmt: skip
def test_a_name_of_its_own_stays(written, name, is_lone):
    read = read_name(text=written)

    assert (read.name, read.is_lone) == (name, is_lone)


@given(
    st.sampled_from(FAMILIES),
    st.lists(st.sampled_from(["Thị", "Văn", "Ngọc", "Ích"]), min_size=1, max_size=3),
    st.sampled_from(GIVEN),
)
def test_clean_names_are_never_touched(family, middle, given_name):
    name = " ".join([family, *middle, given_name]).replace("Ð", "Đ")

    assert read_name(text=name) == read_name(text=read_name(text=name).name)
    assert (read_name(text=name).name, read_name(text=name).left_off) == (name, ())


def test_names_of_the_fixtures_are_clean():
    sources = [*TESTS.rglob("conftest.py"), *TESTS.joinpath("factories").glob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in sources]
    names = {name for text in texts for name in re.findall(r'full_name="([^"{}]+)"', text)}

    assert len(names) > 5
    assert {name for name in names if read_name(text=name).left_off} == set()


@given(
    st.lists(
        st.sampled_from([*AROUND, "Nguyễn ", "Hoa", "Ông Ích ", "2", ")"]) | st.text(), max_size=6
    )
)
def test_what_was_cleaned_is_clean_and_never_empty(parts):
    written = "".join(parts)
    name = read_name(text=written).name

    assert read_name(text=name).name == name
    if any(char.isalpha() for char in written):
        assert any(char.isalpha() for char in name)


@pytest.mark.parametrize(
    ("written", "is_odd"),
    [
        ("Stt 3: Lê An", True),
        ("(Nguyễn Thị Hương)", True),
        ("1.2 Lê An", True),
        ("Nguyễn Thị Hương (CTV)", False),
        ("Nguyễn T. Hoa", False),
        ("H'Hen Niê", False),
        ("Jean-Paul Lê", False),
        ("KB-9001", False),
        ("Hoa - 1975", False),
    ],
)
def test_what_is_left_and_is_no_name_is_odd_and_nothing_of_it_is_lost(written, is_odd):
    read = read_name(text=written)

    assert read.is_odd is is_odd
    assert not is_odd or read.name == written


@pytest.mark.parametrize("written", ["Nguyễn Thị Hương và Mai Lan", "Hương và Lan"])
def test_second_person_in_a_cell_is_odd(written):
    assert read_name(text=written).is_odd
