"""Which session of a list is the next thing to do."""

import pytest

from attendance.enums import SessionState
from attendance.panels import with_lead


def line(*, left, is_open=True, state=SessionState.OVER):
    return {"left": left, "is_open": is_open, "state": state}


def leads(*lines):
    return [one["is_lead"] for one in with_lead(list(lines))]


@pytest.mark.parametrize(
    ("lines", "leading"),
    [
        ([{"left": 0}, {"left": 3}, {"left": 2}], [False, True, False]),
        ([{"left": 3}, {"left": 2, "state": SessionState.UNDER_WAY}], [False, True]),
        ([{"left": 3, "state": SessionState.UNDER_WAY}, {"left": 0}], [True, False]),
        ([{"left": 3, "is_open": False}, {"left": 2}], [False, True]),
        ([{"left": 0}, {"left": 0}], [False, False]),
    ],
    ids=["first unfinished", "under way", "before one that is over", "to come", "all complete"],
)
def test_roll_that_is_to_be_taken_next_leads(lines, leading):
    assert leads(*(line(**one) for one in lines)) == leading
