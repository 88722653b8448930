"""Old backups go, the last that was proved never does."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.ops.rotation import Made, names_to_delete
from tests.refusing import raises_refusal

# A Saturday.
TODAY = datetime(2026, 1, 31, 3, tzinfo=UTC)


def daily(days, unverified=()):
    return [
        Made(f"{day}", TODAY - timedelta(days=day), verified=day not in unverified)
        for day in range(days)
    ]


@pytest.mark.parametrize(
    ("made", "keep", "kept"),
    [
        ([], [7, 4, 12], []),
        (daily(1), [0, 0, 0], [0]),
        (daily(10), [3, 0, 0], [0, 1, 2]),
        # Sundays are the 6th day back, the 13th …
        (daily(30), [2, 3, 0], [0, 1, 6, 13]),
        (daily(70), [1, 0, 3], [0, 31, 62]),
        # A later one that was not verified takes no verified one's place.
        (daily(30, unverified={6}), [1, 2, 0], [0, 7]),
        # The last verified one stays, however old it is; so does the newest.
        (daily(40, unverified=set(range(30))), [2, 0, 0], [0, 1, 30]),
        # Days without a backup are not counted.
        ([*daily(1), *daily(40)[35:]], [3, 0, 0], [0, 35, 36]),
    ],
)
def test_newest_of_each_period_is_kept(made, keep, kept):
    deleted = set(names_to_delete(made, keep))

    assert sorted(int(one.name) for one in made if one.name not in deleted) == kept


def test_of_one_day_the_verified_one_is_kept():
    made = [
        Made("newest", TODAY, verified=True),
        Made("later", TODAY - timedelta(hours=25), verified=False),
        Made("verified", TODAY - timedelta(hours=26), verified=True),
        Made("before", TODAY - timedelta(hours=26.5), verified=True),
    ]

    assert names_to_delete(made, [7, 0, 0]) == ["later", "before"]


def test_whoever_makes_one_before_an_upgrade_keeps_that_of_the_night():
    made = [
        Made("before the upgrade", TODAY + timedelta(hours=6), verified=True),
        Made("of the night", TODAY, verified=True),
        Made("before that", TODAY - timedelta(days=1), verified=True),
    ]

    assert names_to_delete(made, [1, 0, 0]) == ["before that"]


@pytest.mark.parametrize("keep", [[7], [7, 4, -1]])
def test_misspelt_setting_deletes_nothing(keep):
    with raises_refusal("keep"):
        names_to_delete(daily(40), keep)
