"""Which answers a question needs before it can be asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.question_options import MOST_OPTIONS, WrittenOption, check_options
from courses.enums import CHOICE_KINDS, QuestionKind
from lms.core.refusal import Refusal
from tests.refusing import raises_refusal


def choices(*rights):
    return [WrittenOption(str(n), is_correct=right) for n, right in enumerate(rights)]


def pairs(*written):
    return [WrittenOption(text, match=match) for text, match in written]


def texts(*written):
    return [WrittenOption(text) for text in written]


@pytest.mark.parametrize(
    ("kind", "options", "code"),
    [
        ("single", choices(True), "too_few_options"),
        ("single", choices(True, *[False] * MOST_OPTIONS), "too_many_options"),
        ("single", texts("Bốn", "bốn "), "same_option"),
        ("multiple", choices(False, False), "none_right"),
        ("true_false", choices(True, True), "several_right"),
        ("matching", pairs(("a", "1")), "too_few_options"),
        ("matching", pairs(("a", "1"), ("A", "2")), "same_option"),
        ("matching", pairs(("a", "1"), ("b", " ")), "match_missing"),
        ("matching", pairs(("a", "1"), (" ", "2")), "match_missing"),
        ("matching", pairs(("a", "1"), ("b", "1")), "one_match"),
        ("matching", pairs(("a -> c", "1"), ("b", "2")), "arrow_in_text"),
        ("ordering", texts("a", "b"), "too_few_options"),
        ("ordering", texts("a", "b", "A"), "same_option"),
        ("number", [], "too_few_options"),
        ("number", texts("mười"), "number_unreadable"),
        ("number", texts("1.500"), "number_ambiguous"),
        ("number", [WrittenOption("1", tolerance="-1")], "number_below_zero"),
        ("number", [WrittenOption("1", tolerance="ít")], "number_unreadable"),
        ("number", texts("1", "1"), "same_option"),
        ("short_text", [], "too_few_options"),
        ("short_text", texts("..."), "too_few_options"),
        ("short_text", texts("a" * 201), "answer_too_long"),
        ("short_text", texts("a", "A"), "same_option"),
    ],
)
def test_options_are_refused(kind, options, code):
    with raises_refusal(code):
        check_options(kind=kind, options=options)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("single", choices(True, *[False] * (MOST_OPTIONS - 1))),
        ("matching", pairs(("a", "1"), ("b", "2 -> 3"), ("c", "1"))),
        ("ordering", texts("a", "b", "c")),
        ("number", [WrittenOption("1,5", tolerance="0,5"), WrittenOption("3")]),
        ("short_text", texts("111")),
    ],
)
def test_options_pass(kind, options):
    check_options(kind=kind, options=options)


@given(
    kind=st.sampled_from(CHOICE_KINDS),
    rights=st.lists(st.booleans(), max_size=6),
)
def test_choices_that_pass_can_be_answered(kind, rights):
    try:
        check_options(kind=kind, options=choices(*rights))
    except Refusal:
        return
    assert len(rights) >= 2
    assert sum(rights) == 1 or (kind == QuestionKind.MULTIPLE and sum(rights) >= 1)
