from datetime import datetime, time

import pytest

from attendance.domain.roll.clock_times import (
    minutes_late_at,
    minutes_left_early_at,
    read_clock,
    read_minutes_late,
)
from tests.factories.courses import HANOI
from tests.refusing import raises_refusal

MORNING = {
    "starts_at": datetime(2014, 5, 6, 8, 0, tzinfo=HANOI),
    "ends_at": datetime(2014, 5, 6, 11, 30, tzinfo=HANOI),
}
NIGHT = {
    "starts_at": datetime(2014, 5, 6, 22, 0, tzinfo=HANOI),
    "ends_at": datetime(2014, 5, 7, 0, 30, tzinfo=HANOI),
}
TWO_DAYS = {
    "starts_at": datetime(2014, 5, 6, 8, 0, tzinfo=HANOI),
    "ends_at": datetime(2014, 5, 7, 17, 0, tzinfo=HANOI),
}


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("8h40", time(8, 40)),
        ("8:40", time(8, 40)),
        ("08.40", time(8, 40)),
        ("0840", time(8, 40)),
        (" 8 giờ 40 phút ", time(8, 40)),
        ("8H5", time(8, 5)),
        ("13h", time(13)),
    ],
)
def test_clock_is_read_as_people_type_it(text, clock):
    assert read_clock(text) == clock


@pytest.mark.parametrize("text", ["", "8", "840", "24:00", "8:60", "2561", "sớm", "8:40:10"])
def test_what_is_no_time_is_refused(text):
    with raises_refusal("time_unreadable"):
        read_clock(text)


@pytest.mark.parametrize(("text", "late"), [("", 0), (" 15 ", 15), ("8h40", 40), ("0840", 40)])
def test_lateness_is_minutes_or_the_time_of_arrival(text, late):
    assert read_minutes_late(text, **MORNING) == late


@pytest.mark.parametrize("text", ["mười", "-5", "1.5.2"])
def test_lateness_that_is_neither_is_refused(text):
    with raises_refusal("minutes_unreadable"):
        read_minutes_late(text, **MORNING)


@pytest.mark.parametrize(
    ("session", "clock", "late"),
    [
        (MORNING, time(7, 30), 0),
        (MORNING, time(8, 0), 0),
        (MORNING, time(8, 40), 40),
        (MORNING, time(11, 29), 209),
        (NIGHT, time(21, 50), 0),
        (NIGHT, time(22, 10), 10),
        (NIGHT, time(0, 10), 130),
        (TWO_DAYS, time(8, 40), 40),
    ],
)
def test_arrival_is_minutes_late(session, clock, late):
    assert minutes_late_at(clock, **session) == late


@pytest.mark.parametrize(
    ("session", "clock"), [(MORNING, time(11, 30)), (MORNING, time(13)), (NIGHT, time(0, 45))]
)
def test_nobody_arrives_after_the_end(session, clock):
    with raises_refusal("arrived_after_end"):
        minutes_late_at(clock, **session)


@pytest.mark.parametrize(
    ("session", "clock", "early"),
    [
        (MORNING, time(10, 55), 35),
        (MORNING, time(11, 30), 0),
        (MORNING, time(12, 0), 0),
        (NIGHT, time(23, 30), 60),
        (NIGHT, time(0, 20), 10),
        (TWO_DAYS, time(16, 0), 60),
    ],
)
def test_leaving_is_minutes_left_early(session, clock, early):
    assert minutes_left_early_at(clock, **session) == early


@pytest.mark.parametrize(
    ("session", "clock"), [(MORNING, time(8, 0)), (MORNING, time(7)), (NIGHT, time(21, 0))]
)
def test_nobody_leaves_before_the_begin(session, clock):
    with raises_refusal("left_before_start"):
        minutes_left_early_at(clock, **session)
