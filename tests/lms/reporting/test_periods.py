"""Which days a period has."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lms.reporting.domain.periods import Period, period_of, periods_over, read_period
from lms.reporting.enums import PeriodKind
from tests.refusing import raises_refusal

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
KINDS = st.sampled_from(PeriodKind)
TODAY = date(2014, 6, 14)


@pytest.mark.parametrize(
    ("kind", "day", "first", "last", "name"),
    [
        (PeriodKind.MONTH, (2014, 2, 28), (2014, 2, 1), (2014, 2, 28), "month 2 of 2014"),
        (
            PeriodKind.MID_MONTH,
            (2014, 1, 14),
            (2013, 12, 15),
            (2014, 1, 14),
            "from 15/12/2013 to 14/01/2014",
        ),
        (PeriodKind.MID_MONTH, (2014, 1, 15), (2014, 1, 15), (2014, 2, 14), None),
        (PeriodKind.QUARTER, (2014, 12, 31), (2014, 10, 1), (2014, 12, 31), "quarter IV of 2014"),
        (PeriodKind.HALF_YEAR, (2014, 6, 30), (2014, 1, 1), (2014, 6, 30), "first half of 2014"),
        (PeriodKind.HALF_YEAR, (2014, 7, 1), (2014, 7, 1), (2014, 12, 31), "second half of 2014"),
        (PeriodKind.YEAR, (2014, 7, 1), (2014, 1, 1), (2014, 12, 31), "the year 2014"),
    ],
)
def test_period_has_its_days_and_name(kind, day, first, last, name):
    period = period_of(kind=kind, day=date(*day))
    assert period == Period(kind, date(*first), date(*last))
    with translation.override("en"):
        assert name is None or str(period) == name


@given(day=DAYS, kind=KINDS)
def test_periods_of_a_kind_follow_each_other_without_a_gap(day, kind):
    period = period_of(kind=kind, day=day)
    assert period.starts_on <= day <= period.ends_on
    following = period_of(kind=kind, day=period.ends_on + timedelta(days=1))
    assert following.starts_on == period.ends_on + timedelta(days=1)
    over = periods_over(kind=kind, today=day, count=2)
    assert over[0].ends_on == period.starts_on - timedelta(days=1)
    assert over[1].ends_on == over[0].starts_on - timedelta(days=1)
    assert read_period(key=over[0].key, today=day) == over[0]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "period_unknown"),
        ("month", "period_unknown"),
        ("month:x", "period_unknown"),
        ("week:2014-05-01", "period_unknown"),
        ("month:2014-05-02", "period_unknown"),
        ("mid_month:0001-01-01", "period_unknown"),
        ("year:9999-01-01", "period_unknown"),
        ("month:2014-06-01", "period_not_over"),
        ("mid_month:2014-05-15", "period_not_over"),
    ],
)
def test_period_that_is_none_or_not_over_is_refused(key, code):
    with raises_refusal(code):
        read_period(key=key, today=TODAY)
