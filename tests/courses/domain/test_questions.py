import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.questions import MOST_OPTIONS, check_options
from courses.enums import QuestionKind
from lms.core.refusal import Refusal
from tests.refusing import raises_refusal


@pytest.mark.parametrize(
    ("kind", "rights", "code"),
    [
        (QuestionKind.SINGLE, [True], "too_few_options"),
        (QuestionKind.MULTIPLE, [False, False], "none_right"),
        (QuestionKind.TRUE_FALSE, [True, True], "several_right"),
    ],
)
def test_options_are_refused(kind, rights, code):
    with raises_refusal(code):
        check_options(kind=kind, rights=rights)


@given(
    kind=st.sampled_from(QuestionKind),
    rights=st.lists(st.booleans(), max_size=6),
)
def test_options_that_pass_can_be_answered(kind, rights):
    try:
        check_options(kind=kind, rights=rights)
    except Refusal:
        return
    assert len(rights) >= 2
    assert sum(rights) == 1 or (kind == QuestionKind.MULTIPLE and sum(rights) >= 1)


def test_more_answers_than_a_list_has_columns_are_refused():
    rights = [True, *[False] * MOST_OPTIONS]

    with raises_refusal("too_many_options"):
        check_options(kind=QuestionKind.SINGLE, rights=rights)
    check_options(kind=QuestionKind.SINGLE, rights=rights[:-1])
