from datetime import datetime, timedelta

import pytest

from attendance.domain.wording import (
    describe_minutes,
    describe_names,
    describe_when,
    describe_when_inside,
)
from tests.factories.courses import HANOI

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=HANOI)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ((2026, 11, 22), "Hôm qua, 08:00–11:30, chủ nhật 22/11"),
        ((2026, 11, 23), "Hôm nay, 08:00–11:30, thứ Hai 23/11"),
        ((2026, 11, 24), "Ngày mai, 08:00–11:30, thứ Ba 24/11"),
        ((2026, 11, 28), "Thứ Bảy 28/11, 08:00–11:30"),
        ((2027, 1, 6), "Thứ Tư 06/01/2027, 08:00–11:30"),
    ],
)
def test_when_is_told_as_a_person_says_it(day, words):
    start = datetime(*day, 8, 0, tzinfo=HANOI)
    end = start + timedelta(minutes=210)
    moments = {"starts_at": start, "ends_at": end, "now": NOW}
    assert describe_when(**moments) == words
    assert describe_when_inside(**moments) == words[0].lower() + words[1:]


@pytest.mark.parametrize(
    ("names", "count", "told"),
    [
        ([], 3, ""),
        (["An"], 1, "An"),
        (["An", "Bình"], 2, "An, Bình"),
        # Some whom the reader may not see, or more than are named.
        (["An"], 3, "An và 2 người khác"),
        (["An", "Bình", "Chi"], 3, "An, Bình và 1 người khác"),
    ],
)
def test_first_names_are_told_and_how_many_more(names, count, told):
    assert describe_names(names, count=count, most=2) == told


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 phút"), (45, "45 phút"), (60, "1 giờ"), (150, "2 giờ 30 phút"), (1440, "24 giờ")],
)
def test_minutes_are_told_in_hours(minutes, words):
    assert describe_minutes(minutes) == words
