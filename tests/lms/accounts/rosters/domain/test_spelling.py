"""Of two spellings of a name the better one stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts.rosters.domain.spelling import better_spelling, is_same_name, ordinary_case
from lms.core.text import fold, spoken

HOA = "Trần Thị Hòa"
WORDS = "Nguyễn nguyễn NGUYỄN Thị thị THỊ Hoà Hòa HÒA Hoa Hạ Hà H'HEN h'hen Ý A"
NAMES = st.lists(st.sampled_from(WORDS.split(" ")), min_size=1, max_size=4).map(" ".join)


@pytest.mark.parametrize(
    ("stored", "told", "kept"),
    [
        (HOA, "TRẦN THỊ HÒA", HOA),
        (HOA, "TRAN THI HOA", HOA),
        (HOA, "tran thi hoa", HOA),
        (HOA, "Trần Thị Hoà", HOA),
        (HOA, "TRẦN THỊ HOÀ", HOA),
        (HOA, "Trần thị Hòa", HOA),
        ("Trần Thị Hoà", HOA, "Trần Thị Hoà"),
        ("TRẦN THỊ HOÀ", HOA, HOA),
        ("TRẦN THỊ HÒA", "TRẦN THỊ HOÀ", "TRẦN THỊ HÒA"),
        ("Tran Thi Hoa", HOA, HOA),
        ("Tran Thi Hoa", "TRẦN THỊ HÒA", HOA),
        ("TRẦN THỊ HÒA", "Tran Thi Hoa", "TRẦN THỊ HÒA"),
        (HOA, "Trần Thị Hoa", "Trần Thị Hoa"),
        (HOA, "TRẦN THỊ HỌA", "Trần Thị Họa"),
        (HOA, "Trần Thị Hồng", "Trần Thị Hồng"),
        ("H'Hen Niê", "H’HEN NIÊ", "H'Hen Niê"),
        ("KB-9001", "LÊ AN", "Lê An"),
    ],
)
def test_better_spelling_stays(stored, told, kept):
    assert better_spelling(stored=stored, told=told) == kept


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        ("NGUYỄN THỊ HƯƠNG", "Nguyễn Thị Hương"),
        ("nguyễn thị hương", "Nguyễn Thị Hương"),
        ("Nguyễn Thị HƯƠNG", "Nguyễn Thị Hương"),
        ("Nguyễn thị Hương", "Nguyễn thị Hương"),
        ("LÊ Ý", "Lê Ý"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("JEAN-PAUL LÊ", "Jean-Paul Lê"),
        ("KB13384-007", "KB13384-007"),
        ("McDonald Lê", "McDonald Lê"),
    ],
)
def test_shouted_names_are_set_in_ordinary_case(written, usual):
    assert ordinary_case(written) == usual


@given(NAMES)
def test_ordinary_case_changes_case_alone_and_once(name):
    usual = ordinary_case(name)

    assert usual.lower() == name.lower()
    assert ordinary_case(usual) == usual


@given(NAMES, NAMES)
def test_better_spelling_means_the_name_told_and_stays_when_told_again(stored, told):
    kept = better_spelling(stored=stored, told=told)

    assert fold(kept) == fold(told)
    assert better_spelling(stored=kept, told=told) == kept
    assert better_spelling(stored=stored, told=stored) == stored


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Hoà", "HÒA", True), ("Thuý", "Thúy", True), ("Hà", "Hạ", False), ("Hoa", "Hòa", False)],
)
def test_tone_counts_wherever_it_is_placed(one, other, same):
    assert (spoken(one) == spoken(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same", "same_without_marks"),
    [
        ("Phan Thị Hà", "Phan Thị Hạ", False, False),
        ("Phan Thị Hoa", "Phan Thị Hòa", False, False),
        ("Phan Thanh Hoa", "Phan Thanh Hòa", False, True),
        ("Phan Van Nam", "Phan Văn Nam", False, True),
        ("Phan Thị Hoà", "PHAN THỊ HÒA", True, True),
        ("Phan Thi Ha", "Phan Thị Hạ", True, True),
        ("nguyen thi ha", "Nguyễn Thị Hà", True, True),
        ("H’Hen Niê", "H'HEN NIÊ", True, True),
        ("Lan Anh", "Lan Ánh", False, True),
        ("Lan", "Hoa", False, False),
    ],
)
def test_tone_makes_another_name_where_marks_are_written(one, other, same, same_without_marks):
    for first, second in ((one, other), (other, one)):
        assert is_same_name(one=first, other=second) is same
        assert is_same_name(one=first, other=second, without_marks=True) is same_without_marks
