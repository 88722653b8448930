"""Threads of a process that has just started ask the same query for the first time, all at once."""

from threading import Barrier

import pytest
from django.db import connections

from lms.accounts.models import User
from lms.core import compiled_queries
from lms.core.compiled_queries import CompiledQuery
from tests.at_once import ON_REAL_CONNECTIONS, at_once, hurried
from tests.factories.accounts import UserFactory

pytestmark = ON_REAL_CONNECTIONS
THREADS, ROUNDS = 6, 8


def build(*shape, pks, most):
    rows = User.objects.filter(pk__in=pks, pk__lte=most).order_by("pk")
    return rows.values_list("pk", "full_name") if "names" in shape else rows


@pytest.mark.parametrize("remembered", [1, compiled_queries.MOST])
def test_each_thread_gets_the_rows_that_it_asks_for(monkeypatch, remembered):
    monkeypatch.setattr(compiled_queries, "MOST", remembered)
    people = UserFactory.create_batch(THREADS)

    def ask(query, place):
        shape = ("names",) * (place % 2)
        mine = people[place // 3 :]
        found = query.ask(*shape, pks=[one.pk for one in mine], most=people[place].pk)
        wanted = [one for one in mine if one.pk <= people[place].pk]
        return found == ([(one.pk, one.full_name) for one in wanted] if shape else wanted)

    for _round in range(ROUNDS):
        # Nothing is compiled yet, as in a process that has just started.
        query = CompiledQuery(build)
        acts = [lambda query=query, place=place: ask(query, place) for place in range(THREADS)]
        with hurried():
            assert at_once(*acts) == [True] * THREADS


class Meeting:
    """The connections, where two have to meet before either asks: each has said by then what for."""

    def __init__(self):
        self.both = Barrier(2, timeout=20)

    def __getitem__(self, alias):
        self.both.wait()
        return connections[alias]


@pytest.mark.parametrize("shape", [(), ("names",)])
def test_two_who_ask_a_known_query_at_once_get_each_the_own_rows(monkeypatch, shape):
    people = UserFactory.create_batch(3)
    query = CompiledQuery(build)
    numbers = [one.pk for one in people]

    def ask(one):
        found = query.ask(*shape, pks=numbers, most=one.pk)
        return [row[0] if shape else row.pk for row in found]

    assert ask(people[2]) == numbers
    monkeypatch.setattr(compiled_queries, "connections", Meeting())

    assert at_once(lambda: ask(people[0]), lambda: ask(people[1])) == [numbers[:1], numbers[:2]]
