"""Posts of a divided unit wait until a person says where they go on."""

from datetime import date

from wagtail.models import ModelLogEntry

from lms.accounts.boundary_changes.domain.apply_edition import take_effect
from lms.accounts.boundary_changes.domain.split_units import (
    decide_posts,
    split_units,
    waiting_posts,
)
from lms.accounts.enums import Role
from lms.geography.models import AdministrativeUnit
from tests.factories.accounts import PostingFactory, RoleAssignmentFactory, make_official
from tests.lms.accounts.boundary_changes.domain.conftest import history, split_commune
from tests.refusing import raises_refusal
from tests.shared import shared

CODES = ["2013-07-24", "2020-01-01", "2025-01-01", "2025-07-01"]
OLD, NEW, LATER, LAST = CODES
TODAY = date(2026, 1, 5)


@shared
def waiting(editions):
    commune = split_commune()
    post = PostingFactory(unit=commune, valid_from=date(2025, 2, 1))
    take_effect(edition=editions[LAST], today=TODAY)
    return post


@shared
def keeper(editions):
    return make_official(Role.ADMINISTRATOR, "35")


def test_posts_of_a_split_unit_wait_with_the_units_they_can_go_to(editions, waiting, keeper):
    [found] = split_units(edition=editions[LAST], reader=keeper)

    expected = AdministrativeUnit.objects.filter(predecessors__from_unit=waiting.unit)
    assert (found.unit, found.posts) == (waiting.unit, 1)
    assert set(found.successors) == set(expected)


def test_other_district_and_monitor_are_told_of_no_waiting_post(editions, waiting):
    elsewhere = AdministrativeUnit.objects.districts().filter(edition=editions[LATER])
    other = next(one for one in elsewhere if not waiting.unit.path.startswith(one.path))
    coordinator = RoleAssignmentFactory(role=Role.COORDINATOR, unit=other).user

    for reader in (coordinator, make_official(Role.MONITOR, "35")):
        assert list(waiting_posts(edition=editions[LAST], reader=reader)) == []


def test_post_of_somebody_with_a_role_waits_for_an_administrator(editions, waiting, keeper):
    districts = AdministrativeUnit.objects.districts().filter(edition=editions[LATER])
    own = next(one for one in districts if waiting.unit.path.startswith(one.path))
    coordinator = RoleAssignmentFactory(role=Role.COORDINATOR, unit=own).user
    assert list(waiting_posts(edition=editions[LAST], reader=coordinator)) == [waiting]

    RoleAssignmentFactory(role=Role.TRAINER, unit=waiting.unit, user=waiting.user)

    assert list(waiting_posts(edition=editions[LAST], reader=coordinator)) == []
    assert list(waiting_posts(edition=editions[LAST], reader=keeper)) == [waiting]


def test_decided_post_goes_on_from_the_day_of_the_edition(editions, waiting, keeper):
    [split] = split_units(edition=editions[LAST], reader=keeper)
    asked = {
        "edition": editions[LAST],
        "unit": waiting.unit,
        "post_ids": [waiting.pk],
        "to_unit": split.successors[1],
        "by": keeper,
    }

    assert decide_posts(**asked) == 1
    assert decide_posts(**asked) == 0

    assert history(waiting.user)[1] == (LAST, split.successors[1].code, date(2025, 7, 1), None)
    logged = ModelLogEntry.objects.get(action="accounts.transferred")
    assert logged.data["previous"] == str(waiting.unit)


def test_unit_that_got_no_part_is_refused(editions, waiting, keeper):
    [split] = split_units(edition=editions[LAST], reader=keeper)
    communes = editions[LAST].units.communes().exclude(pk__in=[one.pk for one in split.successors])

    with raises_refusal("no_successor"):
        decide_posts(
            edition=editions[LAST],
            unit=waiting.unit,
            post_ids=[waiting.pk],
            to_unit=communes.first(),
            by=keeper,
        )


def test_list_of_split_units_costs_the_same(editions, keeper, django_assert_num_queries):
    keeper.scope  # noqa: B018 (asked once a request)
    for more, posts in ((1, 1), (2, 3)):
        PostingFactory.create_batch(more, unit=split_commune(), valid_from=date(2025, 2, 1))
        # Editions with posts, two of the map, the posts, the units, two of the atlas, the names.
        with django_assert_num_queries(8):
            [found] = split_units(edition=editions[LAST], reader=keeper)
        assert found.posts == posts
