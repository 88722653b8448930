"""The ratio is the median of the rounds' own ratios, not the ratio of two medians."""

from tests.benchmarks.timing import Pair, in_turns


def test_ratio_is_the_median_of_the_rounds_own_ratios():
    warm_up = 99.0
    jobs = iter([warm_up, 10.0, 40.0, 12.0])
    floors = iter([warm_up, 1.0, 10.0, 2.0])

    pair = in_turns(lambda: next(jobs), lambda: next(floors))

    assert pair == Pair(job=12.0, floor=2.0, ratio=6.0)
    assert in_turns(lambda: 30.0, iter([1.0, 1.0, 2.0, 10.0]).__next__).ratio == 15.0
