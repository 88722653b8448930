"""The same report on each of the four maps adds up to the same total, whatever took effect."""

from datetime import date

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, strategies

from lms.accounts.boundary_changes.domain.apply_edition import take_effect
from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.tables import completion_table
from tests.chance import fewer_examples
from tests.factories.accounts import PostingFactory, make_official
from tests.factories.courses import EnrolmentFactory
from tests.factories.reporting import enrolled, make_world
from tests.shared import shared

CODES = ["2013-07-24", "2020-01-01", "2025-01-01", "2025-07-01"]
TODAY = date(2026, 1, 5)


def table_on(edition, programme, reader):
    reader = User.objects.get(pk=reader.pk)
    return completion_table(programme=programme, edition=edition, on=TODAY, reader=reader)


def totals(programme, editions, reader):
    """People, enrolled and completed on each map, counted row by row."""
    found = []
    for edition in editions.values():
        rows = [row.figures for row in table_on(edition, programme, reader).rows]
        found.append(
            (
                sum(one.people for one in rows),
                sum(one.people - one.no_class for one in rows),
                sum(one.completed for one in rows),
            )
        )
    return found


PEOPLE = strategies.lists(
    strategies.tuples(strategies.integers(0, 1000), strategies.booleans(), strategies.booleans()),
    max_size=10,
)


@shared
def world(editions):
    return make_world(editions[CODES[0]])


@shared
def reader(world):
    """Sees the whole province."""
    return make_official(Role.MONITOR, "35")


@fewer_examples(5)
@given(people=PEOPLE, steps=strategies.sampled_from([CODES[1:], CODES[1:2], CODES[3:]]))
def test_every_map_has_the_same_total_before_and_after(editions, world, reader, people, steps):
    with transaction.atomic():
        units = list(AdministrativeUnit.objects.order_by("path"))
        for place, is_enrolled, is_completed in people:
            post = PostingFactory(unit=units[place % len(units)])
            if is_completed:
                enrolled(world, "350", "13384", completed=True)
            if is_enrolled:
                EnrolmentFactory(user=post.user, run=world.runs["350"], unit=post.unit)
        expected = (
            len(people) + sum(done for _place, _in, done in people),
            sum(is_in + done for _place, is_in, done in people),
            sum(done for _place, _in, done in people),
        )
        assert totals(world.programme, editions, reader) == [expected] * 4

        for code in steps:
            take_effect(edition=editions[code], today=TODAY)

        assert totals(world.programme, editions, reader) == [expected] * 4
        transaction.set_rollback(True)


def test_queries_do_not_grow_with_people_once_an_edition_took_effect(editions, world):
    enrolled(world, "350", "13384")
    take_effect(edition=editions[CODES[3]], today=TODAY)
    reader = make_official(Role.MONITOR, "35")

    def costs():
        for edition in editions.values():
            with CaptureQueriesContext(connection) as asked:
                table_on(edition, world.programme, reader)
            yield len(asked)

    few = list(costs())
    for commune in ("13384", "13387", "13591"):
        enrolled(world, "350", commune)
        PostingFactory(unit=AdministrativeUnit.objects.filter(code=commune).first())

    assert list(costs()) == few
    assert max(few) <= 40
