"""What makes an answer right, kind by kind."""

from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.answer_parts import parts_of
from courses.domain.given_answers import GivenAnswer, check_answer, fits, order_of, tidy
from courses.domain.item_order import into_units, mixed, right_column
from courses.domain.judging import is_right, is_same_text, is_spelt_right, key_of, match_ids
from courses.enums import CHOICE_KINDS, QuestionKind
from tests.refusing import raises_refusal


@dataclass
class Put:
    kind: str
    options: list[dict[str, Any]] = made(default_factory=list)


def put(kind, *texts, matches=(), rights=()):
    """A question with these answers, numbered from 1."""
    options = [
        {"id": pk, "text": text, "is_correct": pk in rights or kind not in CHOICE_KINDS}
        for pk, text in enumerate(texts, start=1)
    ]
    for one, match in zip(options, matches, strict=False):
        one["match"] = match
    return Put(kind, options)


def given_to(version, chosen=(), typed=""):
    return tidy(version=version, chosen=chosen, typed=typed)


PAIRS = put(
    QuestionKind.MATCHING, "Bị đánh", "Nghỉ học", "Bị doạ", matches=["Báo ngay", "Hỏi", "báo  ngay"]
)
STEPS = put(QuestionKind.ORDERING, "Chào", "Hỏi", "Ghi", "Cảm ơn")
AGE = put(QuestionKind.NUMBER, "16")
NEGLECT = put(QuestionKind.SHORT_TEXT, "Sao nhãng", "bỏ mặc")


@given(rights=st.sets(st.integers(1, 6)), chosen=st.sets(st.integers(1, 6)))
def test_choice_is_right_when_exactly_the_right_ones_are_chosen(rights, chosen):
    version = put(QuestionKind.MULTIPLE, *"abcdef", rights=rights)

    answer = given_to(version, chosen)

    assert is_right(version=version, answer=answer) is (bool(rights) and chosen == rights)
    assert key_of(version.kind, version.options) == rights


@given(given=st.tuples(*[st.sampled_from([None, 1, 2])] * 3))
def test_matching_is_right_when_each_row_has_its_text(given):
    pairs = [[left, right] for left, right in enumerate(given, start=1) if right]

    # Two rows have one text: it does not matter from which it comes.
    answer = given_to(PAIRS, pairs)

    assert is_right(version=PAIRS, answer=answer) is (given == (1, 2, 1))


@given(order=st.permutations([1, 2, 3, 4]))
def test_ordering_is_right_in_one_order(order):
    answer = given_to(STEPS, order)

    assert answer.chosen == list(order)
    assert is_right(version=STEPS, answer=answer) is (order == [1, 2, 3, 4])


@given(number=st.decimals(0, 1000, places=1), off=st.decimals(-5, 5, places=1))
def test_number_is_right_within_its_tolerance(number, off):
    version = put(QuestionKind.NUMBER, str(number).replace(".", ","))
    version.options[0]["tolerance"] = "0,5"
    typed = str(number + off)

    assert is_right(version=version, answer=given_to(version, typed=typed)) is (abs(off) <= 0.5)


def test_number_that_cannot_be_read_is_wrong():
    assert not is_right(version=AGE, answer=GivenAnswer(typed="mười sáu"))
    assert not is_right(version=AGE, answer=GivenAnswer(typed=""))


@pytest.mark.parametrize(
    ("typed", "right", "same", "spelt"),
    [
        ("sao nhãng", "Sao nhãng", True, True), ("  SAO   NHÃNG. ", "Sao nhãng", True, True),
        ("sao nha\u0303ng", "Sao nhãng", True, True), ("sao nhang", "Sao nhãng", True, False),
        ("sao nhảng", "Sao nhãng", False, False), ("sao nh", "Sao nhãng", False, False),
        ("sao", "Sao nhãng", False, False), ("hoà giải", "hòa giải", True, True),
        ("hòa giai", "hoà giải", True, False), ("Quý", "Qúy", True, True),
        ("dia phuong", "địa phương", True, False), ("đan", "dân", False, False),
        ("111", "111", True, True), ("", "", False, True),
    ],
)  # fmt: skip
def test_short_text_is_compared_word_by_word(typed, right, same, spelt):
    assert is_same_text(typed, right) is same
    assert is_spelt_right(typed, right) is spelt


@pytest.mark.parametrize(("typed", "right"), [("bo mac", True), ("bỏ rơi", False), ("", False)])
def test_any_accepted_answer_is_right(typed, right):
    assert is_right(version=NEGLECT, answer=given_to(NEGLECT, typed=typed)) is right


@pytest.mark.parametrize(
    ("version", "change"),
    [
        (PAIRS, lambda options: options[0].update(match="Hỏi")),
        (STEPS, lambda options: options.reverse()),
        (AGE, lambda options: options[0].update(tolerance="1")),
        (NEGLECT, lambda options: options[1].update(text="bỏ rơi")),
    ],
)
def test_key_changes_with_what_is_right_alone(version, change):
    options = [dict(one) for one in version.options]
    before = key_of(version.kind, version.options)
    for one in options:
        one["feedback"] = "Đúng rồi"
    assert key_of(version.kind, options) == before

    change(options)

    assert key_of(version.kind, options) != before


@pytest.mark.parametrize(
    ("version", "answer", "code"),
    [
        (PAIRS, GivenAnswer(), "answer_empty"),
        (STEPS, GivenAnswer(), "answer_empty"),
        (AGE, GivenAnswer(), "answer_empty"),
        (PAIRS, GivenAnswer([[1, 1]]), "answer_incomplete"),
        (PAIRS, GivenAnswer([[1, 3], [2, 1], [3, 1]]), "answer_foreign"),
        (PAIRS, GivenAnswer([[1, 1], [1, 2], [2, 1]]), "answer_foreign"),
        (STEPS, GivenAnswer([1, 2, 3]), "answer_incomplete"),
        (STEPS, GivenAnswer([1, 2, 3, 9]), "answer_foreign"),
        (STEPS, GivenAnswer([1, 2, 3, 4, 4]), "answer_foreign"),
        (AGE, GivenAnswer(typed="mười sáu"), "number_unreadable"),
        (NEGLECT, GivenAnswer(typed="a" * 201), "answer_too_long"),
    ],
)
def test_what_is_no_whole_answer_is_refused(version, answer, code):
    with raises_refusal(code):
        check_answer(version=version, answer=answer)
    assert fits(version=version, answer=answer) is (code == "answer_empty")


def test_places_become_an_order():
    assert order_of(version=STEPS, places={1: 2, 2: 1, 3: 4, 4: 3}) == [2, 1, 4, 3]
    with raises_refusal("answer_twice"):
        order_of(version=STEPS, places={1: 2, 2: 2, 3: 1, 4: 3})
    with raises_refusal("answer_incomplete"):
        order_of(version=STEPS, places={1: 2, 2: 2})


@given(count=st.integers(2, 8), seed=st.text(max_size=5))
def test_mixed_items_are_all_there_never_in_the_right_order_and_stay(count, seed):
    items = put(QuestionKind.ORDERING, *map(str, range(count))).options

    drawn = mixed(items, seed=seed)

    assert drawn != items
    assert sorted(one["id"] for one in drawn) == [one["id"] for one in items]
    assert mixed(items, seed=seed) == drawn


def test_right_column_has_each_text_once():
    column = right_column(PAIRS.options, seed="1")

    assert {one["match"] for one in column} == {"Báo ngay", "Hỏi"}
    assert {one["id"] for one in column} == set(match_ids(PAIRS.options).values())


@dataclass
class Step:
    name: str
    case_id: int | None = None
    case_step: int | None = None


@given(cases=st.lists(st.sampled_from([None, 1, 2]), max_size=8))
def test_steps_of_a_case_are_one_unit_in_their_order(cases):
    questions = [Step(str(n), case, -n) for n, case in enumerate(cases)]

    units = into_units(questions)

    assert sorted(one.name for unit in units for one in unit) == sorted(q.name for q in questions)
    ids = [unit[0].case_id for unit in units if unit[0].case_id]
    assert len(ids) == len(set(ids))
    assert all(len(unit) == 1 for unit in units if not unit[0].case_id)
    assert all([s.case_step for s in unit] == sorted(s.case_step for s in unit) for unit in units)


def test_parts_tell_what_was_given_and_what_is_right():
    pairs = parts_of(version=PAIRS, answer=GivenAnswer([[1, 1], [2, 1], [3, 1]]))
    assert [(one.given, one.right, one.is_right) for one in pairs] == [
        ("Báo ngay", "Báo ngay", True),
        ("Báo ngay", "Hỏi", False),
        ("Báo ngay", "báo  ngay", True),
    ]
    steps = parts_of(version=STEPS, answer=GivenAnswer([1, 3, 2, 4]))
    assert [(one.label, one.given, one.is_right) for one in steps] == [
        ("1", "Chào", True),
        ("2", "Ghi", False),
        ("3", "Hỏi", False),
        ("4", "Cảm ơn", True),
    ]
    assert [one.given for one in parts_of(version=STEPS, answer=GivenAnswer())] == [""] * 4
    [text] = parts_of(version=NEGLECT, answer=GivenAnswer(typed="sao nhang"))
    assert (text.is_right, text.spelling, text.right) == (True, "Sao nhãng", "Sao nhãng / bỏ mặc")


def test_feedback_is_that_of_what_was_answered():
    version = put(QuestionKind.SINGLE, "a", "b", rights={1})
    for one in version.options:
        one["feedback"] = f"Vì {one['text']}"
    assert [one.feedback for one in parts_of(version=version, answer=GivenAnswer([2]))] == [
        "",
        "Vì b",
    ]
    age = put(QuestionKind.NUMBER, "16", "18")
    age.options[1] |= {"tolerance": "0,5", "feedback": "Theo công ước"}
    [part] = parts_of(version=age, answer=GivenAnswer(typed="18,2"))
    assert (part.feedback, part.right) == ("Theo công ước", "16 / 18 ± 0,5")
