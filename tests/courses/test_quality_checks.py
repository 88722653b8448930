"""People whom a closed class has left behind, as the page of data quality tells them."""

from datetime import datetime, timedelta, timezone

import pytest
from django.urls import reverse

from courses.enums import EnrolmentStatus, RunStatus
from courses.quality_checks import LeftUnfinished
from tests.factories.accounts import PostingFactory
from tests.factories.courses import CourseRunFactory, EnrolmentFactory
from tests.factories.geography import unit
from tests.factories.reporting import make_world
from tests.factories.rows import set_fields
from tests.quality import told_by

NOW = datetime(2014, 6, 1, 8, tzinfo=timezone(timedelta(hours=7)))


@pytest.fixture
def world(edition):
    world = make_world(edition)
    set_fields(world.runs["350"], status=RunStatus.CLOSED)
    return world


def enrolled(run, user=None, **fields):
    place = unit("13384")
    user = user or PostingFactory(unit=place).user
    return EnrolmentFactory(user=user, run=run, unit=place, **fields)


def test_who_is_left_and_who_learns_or_has_learned_elsewhere(world, coordinator, monitor):
    closed, open_run = world.runs["350"], world.runs["353"]
    left = enrolled(closed)
    later = CourseRunFactory(
        course=world.course, programme=world.programme, unit=unit("350"), status=RunStatus.CLOSED
    )
    again = enrolled(closed).user
    last = enrolled(later, again, enrolled_at=datetime(2014, 5, 20, tzinfo=NOW.tzinfo))
    enrolled(open_run, enrolled(closed).user)
    done = {"status": EnrolmentStatus.COMPLETED, "completed_at": NOW}
    enrolled(later, enrolled(closed).user, **done)
    enrolled(closed, **done)
    enrolled(closed, status=EnrolmentStatus.WITHDRAWN)
    check = LeftUnfinished()

    lines = told_by(check, coordinator, at=NOW)

    assert {line.code for line in lines} == {left.user.staff_code, last.user.staff_code}
    assert check.count_by_path(monitor, at=NOW) == {unit("13384").path: 2}
    assert check.act(coordinator).url == reverse("runs:add")
    assert check.act(monitor) is None


def test_other_area_is_not_told(world, make_official):
    enrolled(world.runs["350"])

    assert told_by(LeftUnfinished(), make_official("coordinator", "353"), at=NOW) == []
