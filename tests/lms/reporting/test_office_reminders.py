"""Each week those who oversee an area hear how many are late, and where nobody learns."""

from datetime import date, datetime, timedelta

import pytest

from lms.accounts.enums import Cadre
from lms.reporting.office_reminders import STILL_NEWS, WeekInArea
from tests.factories.accounts import PostingFactory
from tests.factories.courses import HANOI, EnrolmentFactory, make_course, make_run
from tests.factories.geography import unit
from tests.reminding import planned, said
from tests.shared import shared

pytestmark = pytest.mark.django_db
KIND = WeekInArea()
# A Monday, a day before the class ends.
MONDAY = datetime(2014, 5, 5, 8, tzinfo=HANOI)


@shared
def world(edition, coordinator, monitor):
    """In Kim Bảng one of two communes learns, in Thanh Liêm none; of one person two posts."""
    run = make_run(make_course(), unit("350"), ends_on=date(2014, 5, 7))
    for code in ("13384", "13387", "13591"):
        posting = PostingFactory(unit=unit(code), cadre=Cadre.COMMUNE_OFFICER)
        if code == "13384":
            EnrolmentFactory(run=run, unit=unit(code), user=posting.user)
    return coordinator, monitor


def test_each_monday_once(world):
    found = planned(KIND, MONDAY - timedelta(hours=1))

    assert sorted({one.user_id for one in found}) == sorted(one.pk for one in world)
    assert {one.due_at for one in found} == {MONDAY}
    late = planned(KIND, MONDAY + STILL_NEWS)
    assert {one.due_at for one in late} == {MONDAY + timedelta(days=7)}


def test_figures_are_those_of_the_own_area(world):
    coordinator, monitor = world
    told = said(KIND, planned(KIND, MONDAY), MONDAY)

    assert {pk: (one.values["count"], one.values["empty"]) for pk, one in told.items()} == {
        coordinator.pk: ("1", "1"),
        monitor.pk: ("1", "2"),
    }


def test_nothing_to_tell_is_not_told(edition, coordinator):
    assert said(KIND, planned(KIND, MONDAY), MONDAY) == {}
