"""Which session of a list is the next thing to do."""

from attendance.enums import SessionState
from attendance.panels import with_lead


def line(*, left, is_open=True, state=SessionState.OVER):
    return {"left": left, "is_open": is_open, "state": state}


def leads(*lines):
    return [one["is_lead"] for one in with_lead(list(lines))]


def test_first_unfinished_roll_leads():
    assert leads(line(left=0), line(left=3), line(left=2)) == [False, True, False]


def test_session_under_way_leads_before_one_that_is_over():
    now = SessionState.UNDER_WAY
    assert leads(line(left=3), line(left=2, state=now)) == [False, True]
    assert leads(line(left=3), line(left=0, state=now)) == [True, False]


def test_session_to_come_does_not_lead():
    assert leads(line(left=3, is_open=False), line(left=2)) == [False, True]


def test_nothing_leads_when_all_rolls_are_complete():
    assert leads(line(left=0), line(left=0)) == [False, False]
