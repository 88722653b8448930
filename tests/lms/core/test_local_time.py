"""Days as moments, up to the ends of the calendar."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from lms.accounts.models import User
from lms.core.day_field import day_field
from lms.core.local_time import days_q
from tests.factories.accounts import UserFactory

DAY = timedelta(days=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (None, None),
        (date.min, date.max),
        (date.min + DAY, date.max - DAY),
        (date.min, date(2100, 1, 1)),
        (date(2000, 1, 1), date.max),
    ],
)
def test_any_days_can_be_asked_for(first, last):
    person = UserFactory()
    assert list(User.objects.filter(days_q("date_joined", first, last))) == [person]


@pytest.mark.parametrize("typed", ["2026-11-29", "29/11/2026"])
def test_day_is_read_as_browsers_and_people_write_it(typed):
    assert day_field("a day").clean(typed) == date(2026, 11, 29)


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "1999-12-31", "29/02/2026", "1e9"])
def test_day_that_nobody_means_is_refused(typed):
    with pytest.raises(ValidationError) as refused:
        day_field("a day").clean(typed)
    assert [one.code for one in refused.value.error_list] == ["invalid"]
