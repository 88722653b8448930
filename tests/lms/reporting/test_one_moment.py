"""Somebody who moves while a report is counted is counted once, before the move or after it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import connection

from courses.models import Enrolment
from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.snapshots import withdraw_snapshot
from lms.reporting.domain.tables import completion_table, table_in_short
from lms.reporting.domain.tables_of_areas import tables_of_areas
from lms.reporting.domain.tally_keeping import update_tallies
from lms.reporting.enums import PersonState
from tests.at_once import ON_REAL_CONNECTIONS, alone
from tests.factories.accounts import PostingFactory, make_official
from tests.factories.geography import unit
from tests.factories.reporting import World, enrolled, make_world
from tests.lms.reporting.test_counting import TODAY
from tests.lms.reporting.test_snapshots import JUNE, draft

pytestmark = ON_REAL_CONNECTIONS


@pytest.fixture
def world(edition):
    """Three people in classes; their figures are kept but for those of one commune."""
    world = make_world(edition)
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13384")
    enrolled(world, "353", "13591")
    update_tallies(on=TODAY)
    PostingFactory(unit=unit("13384"))
    return world


def move(enrolment: Enrolment, to: AdministrativeUnit) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(unit=to)


@contextmanager
def interrupted(before: int, act: Callable[[], None]) -> Iterator[list[str]]:
    """Let somebody else act before the query of this number; the queries."""
    asked: list[str] = []

    def ask(execute, sql, *more):
        asked.append(sql)
        if len(asked) == before:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(alone, act).result(timeout=60)
        return execute(sql, *more)

    with connection.execute_wrapper(ask):
        yield asked


def short(world: World, reader: User):
    edition = world.programme.edition
    return table_in_short(programme=world.programme, edition=edition, on=TODAY, reader=reader)


def whole(world: World, reader: User):
    edition = world.programme.edition
    return completion_table(programme=world.programme, edition=edition, on=TODAY, reader=reader)


def of_areas(world: World, reader: User):
    [(_reader, told)] = tables_of_areas(programme=world.programme, on=TODAY, readers=[reader])
    return told


@pytest.mark.parametrize("ask", [short, whole, of_areas])
def test_somebody_who_moves_meanwhile_is_counted_once(world, ask):
    reader = make_official(Role.ADMINISTRATOR, "35")
    mover = Enrolment.objects.get(completed_at__isnull=False)
    here, there = unit("13384"), unit("13591")
    met, before, asked = 0, 0, [""]
    while len(asked) >= before:
        before += 1
        with interrupted(before, partial(move, mover, there)) as asked:
            told = ask(world, User.objects.get(pk=reader.pk))
        met += Enrolment.objects.get(pk=mover.pk).unit == there
        figures = told.total.figures
        assert (figures.people, figures.completed) == (4, 1), f"a move before query {before}"
        # Of the two communes, that where nobody is noted to have changed is kept as it was.
        move(mover, here)
        update_tallies(on=TODAY)
        PostingFactory(unit=here).delete()
    assert met == before - 1 > 4


def test_frozen_report_adds_up_to_the_people_behind_it(world):
    clerk = make_official(Role.MONITOR, "35")
    before, asked = 0, [""]
    while len(asked) >= before:
        before += 1
        with interrupted(before, partial(PostingFactory, unit=unit("13588"))) as asked:
            frozen = draft(world, clerk)
        told = sum(frozen.facts["total"][state] for state in PersonState.values)
        assert told == frozen.people.count() > 0, f"a post before query {before}"
        withdraw_snapshot(snapshot=frozen, by=clerk, reason="Nhầm", at=JUNE)
    assert before > 4
