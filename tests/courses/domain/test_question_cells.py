"""Cells of a list of questions: which answers they mean."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.question_cells import (
    SIGNS,
    could_mean_another,
    is_true_or_false,
    read_right,
    tidy_options,
    tidy_question,
    write_right,
)
from tests.refusing import raises_refusal

TRUTH = ("Đúng", "Sai")
FORMS = ("Bạo lực", "Xao nhãng", "Xâm hại", "Cả A và B")
NUMBERS = ("3", "4", "5", "Không có")
LETTERS = ("B", "A", "AB", "O")


def signed(texts):
    return dict(zip(SIGNS, texts, strict=False))


@pytest.mark.parametrize(
    ("cell", "options", "signs"),
    [
        ("Sai", TRUTH, "b"),
        ("Đúng", TRUTH, "a"),
        ("đúng ", TRUTH, "a"),
        ("Đ", TRUTH, "a"),
        ("S", TRUTH, "b"),
        ("True", TRUTH, "a"),
        ("2", TRUTH, "b"),
        ("Cả A và B", FORMS, "d"),
        ("cả a và b.", FORMS, "d"),
        (unicodedata.normalize("NFD", "XAO NHÃNG"), FORMS, "b"),
        ("Phương án B: Xao nhãng", FORMS, "b"),
        ("B – Xao nhãng", FORMS, "b"),
        ("Phương án B", FORMS, "b"),
        ("phuong an b", FORMS, "b"),
        ("Chọn D", FORMS, "d"),
        ("Câu B", FORMS, "b"),
        ("Câu trả lời đúng là: C.", FORMS, "c"),
        ("Đáp án A, C", FORMS, "ac"),
        ("b", FORMS, "b"),
        ("B.", FORMS, "b"),
        ("(B)", FORMS, "b"),
        ("B, D", FORMS, "bd"),
        ("B;D", FORMS, "bd"),
        ("d b", FORMS, "bd"),
        ("A và C", FORMS, "ac"),
        ("AC", FORMS, "ac"),
        ("3", FORMS, "c"),
        ("1 và 3", FORMS, "ac"),
        ("B. Xao nhãng", FORMS, "b"),
        ("Bạo lực; Xâm hại", FORMS, "ac"),
        # A text counts before a letter or a number.
        ("3", NUMBERS, "a"),
        ("A", LETTERS, "b"),
        ("AB", LETTERS, "c"),
        ("O", LETTERS, "d"),
        ("Phương án A", LETTERS, "a"),
    ],
)
def test_cell_means_these_answers(cell, options, signs):
    assert read_right(cell, signed(options)) == signs


@pytest.mark.parametrize(
    ("cell", "options", "code"),
    [
        ("Bỏ mặc", FORMS, "answer_unreadable"),
        ("Ba", FORMS, "answer_unreadable"),
        ("Cả B và C", FORMS, "answer_unreadable"),
        ("Tất cả", FORMS, "answer_unreadable"),
        ("Không phải A", FORMS, "answer_unreadable"),
        ("A hoặc B", FORMS, "answer_unreadable"),
        ("1.2", FORMS, "answer_unreadable"),
        ("C. Xao nhãng", FORMS, "answer_unreadable"),
        ("Câu", FORMS, "answer_unreadable"),
        ("Đúng", FORMS, "answer_unreadable"),
        ("E", FORMS, "answer_missing"),
        ("5", FORMS, "answer_missing"),
        ("A, H", FORMS, "answer_missing"),
        # Longer than Python reads a number.
        pytest.param("9" * 5000, FORMS, "answer_unreadable", id="long-number"),
    ],
)
def test_cell_that_means_no_answer_is_refused(cell, options, code):
    with raises_refusal(code):
        read_right(cell, signed(options))


@pytest.mark.parametrize(
    ("cell", "options", "expected"),
    [
        ("4", NUMBERS, True),
        ("5", FORMS, False),
        ("3", ("1", "2", "3"), False),
        ("B", LETTERS, True),
        ("A và B", FORMS, True),
        ("Cả A và B", FORMS, False),
        ("A, C", FORMS, False),
        ("A, B, C", FORMS, True),
        ("A, D", FORMS, False),
        ("A, B", ("Ở nhà", "Ở lớp", "Cả nhà"), True),
        ("A", ("Ở nhà", "Ở lớp", "Cả hai"), False),
        ("A, B", ("Ở nhà", "Ở lớp", "Cảnh sát"), False),
        ("1 và 2", ("Ở nhà", "Ở lớp", "Tất cả các ý trên"), True),
    ],
)
def test_cell_that_could_mean_another_answer_is_known(cell, options, expected):
    assert could_mean_another(cell, signed(options)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Câu 1. Trẻ em là ai?", "Trẻ em là ai?"),
        ("Câu hỏi 12: Trẻ em là ai?", "Trẻ em là ai?"),
        ("câu 3) Trẻ em là ai?", "Trẻ em là ai?"),
        ("CÂU 3/ Trẻ em là ai?", "Trẻ em là ai?"),
        ("Câu 1.2 triệu là bao nhiêu?", "Câu 1.2 triệu là bao nhiêu?"),
        ("Câu 5 của luật nói gì?", "Câu 5 của luật nói gì?"),
        ("1. Trẻ em là ai?", "1. Trẻ em là ai?"),
    ],
)
def test_number_of_the_list_is_no_part_of_a_question(text, expected):
    assert tidy_question(text) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("A. 14", "B. 15", "C. 16"), ("14", "15", "16")),
        (("a) 14", "b) 15"), ("14", "15")),
        (("A.14", "B.15", "C.Không"), ("14", "15", "Không")),
        (("A)14", "B) 15"), ("14", "15")),
        (("A/ 14", "B/ 15"), ("14", "15")),
        (("A - 14", "B – 15"), ("14", "15")),
        (("Phương án A: 14", "Phương án B: 15"), ("14", "15")),
        (("A-B", "B-C"), ("A-B", "B-C")),
        (("1. 14", "2. 15"), ("14", "15")),
        (("A. Nguyễn", "Bình"), ("A. Nguyễn", "Bình")),
        (("B. 14", "A. 15"), ("B. 14", "A. 15")),
        (("1.5", "2.5"), ("1.5", "2.5")),
    ],
)
def test_letters_of_the_list_are_no_part_of_the_answers(texts, expected):
    assert tidy_options(signed(texts)) == signed(expected)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("Sai", "Đúng"), True),
        (("True", "False"), True),
        (("Đúng", "Đúng"), False),
        (("Đúng", "Sai", "Không rõ"), False),
        (("Có", "Không"), False),
    ],
)
def test_true_or_false_is_recognised(texts, expected):
    assert is_true_or_false(texts) is expected


ANSWERS = st.one_of(
    st.sampled_from([*"ABCDEFGH", *"12345678", "Đúng", "Sai", "A, B", "Cả A và B", "AB"]),
    st.text("aăâbcdđeêáàảãạ ABC123.,;", min_size=1, max_size=8),
).map(lambda text: " ".join(unicodedata.normalize("NFC", text).split()))
CHOICES = st.lists(
    ANSWERS.filter(lambda text: text.strip(" .;")),
    min_size=2,
    max_size=8,
    unique_by=lambda text: text.casefold().rstrip(" .;"),
)


@given(st.data())
def test_written_answers_are_read_as_they_are(data):
    options = signed(data.draw(CHOICES))
    right = "".join(sorted(data.draw(st.sets(st.sampled_from(sorted(options)), min_size=1))))

    assert read_right(write_right(right, options), options) == right


def test_key_that_nothing_can_say_is_written_in_letters():
    """Other answers are called what the letters would be, and the texts hold what parts them."""
    options = {"a": "A, C; gì", "b": "Phương án A, C", "c": "A, C"}

    assert write_right("ac", options) == "A, C"
