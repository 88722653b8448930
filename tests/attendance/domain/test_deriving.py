from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.domain.hours.deriving import derive_record
from attendance.domain.hours.rules import AttendanceRules, read_rules
from attendance.enums import PRESENT_STATUSES, AttendanceStatus
from attendance.models import AttendanceMark

PRESENT, LATE, EXCUSED, ABSENT = AttendanceStatus
PLAIN = AttendanceRules()

MINUTES = st.integers(min_value=0, max_value=1000)
SESSION = st.integers(min_value=1, max_value=1000)
RULES = st.builds(
    AttendanceRules,
    grace_minutes=st.integers(min_value=0, max_value=60),
    rounding=st.sampled_from([1, 5, 15, 30]),
    excuse_waives_hours=st.booleans(),
)


def mark(status, late=0, left_early=0):
    return AttendanceMark(
        session_id=1,
        enrolment_id=2,
        status=status,
        minutes_late=late,
        minutes_left_early=left_early,
    )


def minutes(noted, session_minutes=210, rules=PLAIN):
    return derive_record(mark=noted, session_minutes=session_minutes, rules=rules).minutes


MARKS = st.builds(mark, st.sampled_from(AttendanceStatus), MINUTES, MINUTES)
THERE = st.builds(mark, st.sampled_from(PRESENT_STATUSES), MINUTES, MINUTES)


@pytest.mark.parametrize(
    ("noted", "rules", "expected"),
    [
        (mark(PRESENT), PLAIN, 210),
        (mark(LATE), PLAIN, 210),
        (mark(LATE, 15), PLAIN, 195),
        (mark(LATE, 210), PLAIN, 0),
        (mark(LATE, 300), PLAIN, 0),
        (mark(EXCUSED), PLAIN, 0),
        (mark(ABSENT), PLAIN, 0),
        (mark(PRESENT, 0, 30), PLAIN, 180),
        (mark(LATE, 15, 30), PLAIN, 165),
        (mark(LATE, 200, 30), PLAIN, 0),
        # Late by the grace at most: there in full; by one minute more: all of it lacks.
        (mark(LATE, 10), AttendanceRules(grace_minutes=10), 210),
        (mark(LATE, 11), AttendanceRules(grace_minutes=10), 199),
        # Grace is for coming, not for going.
        (mark(PRESENT, 0, 5), AttendanceRules(grace_minutes=10), 205),
        (mark(LATE, 5, 5), AttendanceRules(grace_minutes=10), 205),
        # Rounded down, unless nothing is missing: 211 stay 211.
        (mark(LATE, 1), AttendanceRules(rounding=15), 195),
        (mark(LATE, 15), AttendanceRules(rounding=15), 195),
        (mark(LATE, 200), AttendanceRules(rounding=15), 0),
    ],
)
def test_minutes_follow_from_the_mark_and_the_rules(noted, rules, expected):
    assert minutes(noted, rules=rules) == expected


def test_whole_session_is_never_rounded():
    assert minutes(mark(PRESENT), session_minutes=211, rules=AttendanceRules(rounding=30)) == 211


@pytest.mark.parametrize(
    ("status", "waives", "waived"),
    [(EXCUSED, True, 210), (EXCUSED, False, 0), (ABSENT, True, 0), (PRESENT, True, 0)],
)
def test_hours_of_the_excused_are_waived_where_the_class_says_so(status, waives, waived):
    rules = AttendanceRules(excuse_waives_hours=waives)
    record = derive_record(mark=mark(status), session_minutes=210, rules=rules)
    assert record.minutes_waived == waived


def test_record_names_its_mark_and_copies_its_status():
    noted = mark(LATE, 15)
    noted.pk = 3
    record = derive_record(mark=noted, session_minutes=210, rules=PLAIN)
    said = record.session_id, record.enrolment_id, record.mark_id, record.status
    assert said == (1, 2, 3, LATE)


@given(noted=MARKS, session_minutes=MINUTES, rules=RULES)
def test_attended_and_waived_stay_within_the_session(noted, session_minutes, rules):
    record = derive_record(mark=noted, session_minutes=session_minutes, rules=rules)
    assert 0 <= record.minutes + record.minutes_waived <= session_minutes
    assert not (record.minutes and record.minutes_waived)


@given(noted=THERE, session_minutes=SESSION, rules=RULES, more=st.integers(1, 100))
def test_leaving_earlier_never_gives_more(noted, session_minutes, rules, more):
    earlier = mark(noted.status, noted.minutes_late, noted.minutes_left_early + more)
    assert minutes(earlier, session_minutes, rules) <= minutes(noted, session_minutes, rules)


@given(noted=THERE, session_minutes=SESSION, rules=RULES, more=st.integers(1, 100))
def test_coming_later_never_gives_more(noted, session_minutes, rules, more):
    later = mark(LATE, noted.minutes_late + more, noted.minutes_left_early)
    assert minutes(later, session_minutes, rules) <= minutes(noted, session_minutes, rules)


@given(noted=THERE, session_minutes=SESSION, rules=RULES, more=st.integers(1, 60))
def test_more_grace_never_takes_minutes(noted, session_minutes, rules, more):
    milder = replace(rules, grace_minutes=rules.grace_minutes + more)
    assert minutes(noted, session_minutes, milder) >= minutes(noted, session_minutes, rules)


@given(noted=THERE, session_minutes=SESSION, rules=RULES)
def test_rounding_takes_less_than_one_unit(noted, session_minutes, rules):
    exact = minutes(noted, session_minutes, replace(rules, rounding=1))
    rounded = minutes(noted, session_minutes, rules)
    assert exact - rules.rounding < rounded <= exact
    assert rounded in (exact, exact - exact % rules.rounding)


@given(status=st.sampled_from(AttendanceStatus), late=MINUTES, session_minutes=MINUTES)
def test_without_rules_nothing_differs_from_before_there_were_any(status, late, session_minutes):
    before = {PRESENT: session_minutes, LATE: max(session_minutes - late, 0)}.get(status, 0)
    noted = mark(status, late if status == LATE else 0)
    assert minutes(noted, session_minutes, read_rules({"percent": 100})) == before


@pytest.mark.parametrize("params", [None, {}, {"percent": 80}, {"rounding": None}])
def test_missing_parameters_mean_what_held_before(params):
    assert read_rules(params) == PLAIN
