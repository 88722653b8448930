"""Shared rows: made once, gone when they are not asked for, and nobody's to change."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError

from lms.accounts.models import User
from tests import conftest
from tests.factories.accounts import UserFactory
from tests.shared import SharedRows, chain, sort_by_rows

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite("an error of the database ends a transaction in another way"),
]


class Declared:
    """A fixture as pytest knows it; `made` counts how often it was."""

    baseid = "tests/test_shared.py"

    def __init__(self, make, *asks, name="", is_shared=True):
        self.made = 0
        self.argname = name or make.__name__
        self.argnames = asks

        def func(**given):
            self.made += 1
            return make(**given)

        func.is_shared = is_shared
        self.func = func


def asking_for(*fixtures, **overridden):
    """Stand in for a test that asks for these."""
    known = {fixture.argname: [fixture] for fixture in fixtures} | overridden
    return SimpleNamespace(_fixtureinfo=SimpleNamespace(name2fixturedefs=known))


def first():
    return UserFactory(full_name="first", staff_code="HN1")


def second(first):
    return [first, UserFactory(full_name="second")]


@pytest.fixture
def rows():
    rows = SharedRows()
    yield rows
    rows.take_back()


@pytest.fixture
def one():
    return Declared(first)


@pytest.fixture
def both(one):
    return one, Declared(second, "first")


def names():
    return sorted(User.objects.values_list("full_name", flat=True))


def test_what_two_tests_ask_for_is_made_once(rows, both):
    for _ in range(2):
        rows.prepare(asking_for(*both))

    assert [one.made for one in both] == [1, 1]
    assert names() == ["first", "second"]


def test_what_a_test_does_not_ask_for_is_gone(rows, one, both):
    rows.prepare(asking_for(*both))
    rows.prepare(asking_for(one))
    left = names()
    rows.prepare(asking_for())

    assert [left, names(), one.made] == [["first"], [], 1]


def test_what_one_test_changes_the_next_does_not_see(rows, one, both):
    rows.prepare(asking_for(*both))
    rows.given()[one].full_name = "changed"
    rows.given()[both[1]].clear()
    rows.prepare(asking_for(*both))

    person, people = rows.given().values()
    assert [person.full_name, len(people)] == ["first", 2]
    assert people[0] is person


def test_fixture_may_ask_for_the_one_that_it_stands_for(rows, one):
    nearer = Declared(second, "first", name="first")

    rows.prepare(asking_for(first=[one, nearer]))

    assert [one.made, nearer.made] == [1, 1]
    assert len(rows.given()[nearer]) == 2


def test_what_asks_for_something_of_the_test_alone_is_made_in_it(rows):
    own = Declared(first, is_shared=False)

    assert chain(asking_for(own, Declared(second, "first"))) == []


def test_rows_are_made_anew_after_an_error_of_the_database(rows, one):
    rows.prepare(asking_for(one))
    with pytest.raises(IntegrityError):
        first()
    rows.prepare(asking_for(one))

    assert [names(), one.made] == [["first"], 2]


def test_nobody_finds_the_connection_that_a_test_before_has_closed(rows, one, monkeypatch, request):
    """As a worker closes it; in rows that stay, Django keeps a connection that it closed."""
    monkeypatch.setattr(conftest, "ROWS", rows)
    rows.prepare(asking_for(one))
    opens_it_by_itself = SimpleNamespace(
        fixturenames=["django_db_blocker"],
        get_closest_marker=lambda _name: None,
        config=request.config,
    )

    conftest.pytest_runtest_setup(opens_it_by_itself)

    assert [rows.layers, names()] == [[], []]


def test_what_empties_the_database_stays_behind_what_shares_rows(one):
    shares, empties = asking_for(one), asking_for()
    for item, names in ((shares, []), (empties, ["live_server"])):
        vars(item).update(path="a", fixturenames=names, get_closest_marker=lambda _name: None)
    in_order = [shares, empties]

    sort_by_rows(in_order)

    assert in_order == [shares, empties]
