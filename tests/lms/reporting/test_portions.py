"""Names of a file come some at a time, each with its state, in the order of the page."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from lms.reporting.domain import people as names
from lms.reporting.domain import people_as_of
from lms.reporting.domain.people import find_people
from lms.reporting.domain.people_as_of import find_people_as_of
from lms.reporting.enums import CountedAt, PersonState
from tests.factories.accounts import PostingFactory
from tests.factories.geography import unit
from tests.factories.reporting import enrolled
from tests.shared import shared

pytestmark = pytest.mark.django_db


@shared
def people(world, monitor):
    """Three who have completed, two who learn, two in no class."""
    for number in range(3):
        enrolled(world, "350", "13384", completed=True)
        if number:
            enrolled(world, "353", "13591")
            PostingFactory(unit=unit("13588"))
    return {"programme": world.programme, "edition": world.programme.edition, "reader": monitor}


@pytest.mark.parametrize("counted_at", CountedAt)
@pytest.mark.parametrize(
    "states", [list(PersonState), [PersonState.COMPLETED], [PersonState.NO_CLASS]]
)
def test_portions_are_the_lines_cut_up(people, monkeypatch, counted_at, states):
    monkeypatch.setattr(names, "AT_ONCE", 2)
    monkeypatch.setattr(people_as_of, "AT_ONCE", 2)
    today = localdate()
    live, then = (
        find_people(**people, on=today, counted_at=counted_at),
        find_people_as_of(**people, on=today - timedelta(days=1), counted_at=counted_at),
    )
    assert live.lines(states=states)
    for found in (live, then):
        portions = list(found.portions(states=states))

        lines = found.lines(states=states)
        assert [line for portion in portions for line in portion] == lines
        assert [len(portion) for portion in portions[:-1]] == [2] * (len(portions) - 1)
        assert {line.state for line in lines} <= set(states)
