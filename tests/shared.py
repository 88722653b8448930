"""Rows that consecutive tests share: made once, taken back before a test that does not ask for them.

A fixture marked `@shared` is made in a savepoint around the transaction of the test, and stays for
the next test that asks for it. What a test writes is gone with its own transaction, and what it is
given is a copy: no test sees what another did, nor a row that it did not ask for.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

Fixture = pytest.FixtureDef[Any]
# Asked for besides, and there already when a fixture is made.
DATABASE = frozenset({"db"})
# The fixtures of each name that a test may mean, the nearest last.
Known = Mapping[str, Sequence[Fixture]]


def shared(make: Callable[..., Any]) -> Any:
    """Declare a fixture of rows that may ask for shared fixtures and for `db`, nothing else."""
    make.is_shared = True
    return pytest.fixture(make)


def is_shared(fixture: Fixture) -> bool:
    return getattr(fixture.func, "is_shared", False)


@dataclass(frozen=True)
class Layer:
    """A fixture in its savepoint; `made`: what this layer and those below it have made."""

    fixture: Fixture
    savepoint: transaction.Atomic
    made: dict[Fixture, Any]


class SharedRows:
    """The layers that are in the database now, each above those that it was made of."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self._given: dict[Fixture, Any] | None = None

    def prepare(self, item: pytest.Item) -> None:
        """Take back what this test does not ask for, and make what is missing."""
        asked = chain(item)
        is_broken = connection.needs_rollback or connection.closed_in_transaction
        self.take_back(to=0 if is_broken else self._common(asked))
        _know_content_types()
        needs = needs_of(item)
        for fixture in asked[len(self.layers) :]:
            self._make(fixture, needs[fixture])

    def take_back(self, *, to: int = 0) -> None:
        """Undo all layers but the lowest `to`."""
        self._given = None
        while len(self.layers) > to:
            _undo(self.layers.pop().savepoint)

    def given(self) -> dict[Fixture, Any]:
        """Return what the test under way is given by each shared fixture."""
        if self._given is None:
            self._given = self._copies()
        return self._given

    def _copies(self) -> dict[Fixture, Any]:
        """In one go: what two fixtures have in common is one object in the copies, too."""
        made = self.layers[-1].made if self.layers else {}
        return dict(zip(made, copy.deepcopy([*made.values()]), strict=True))

    def _common(self, asked: list[Fixture]) -> int:
        for place, (layer, fixture) in enumerate(zip(self.layers, asked, strict=False)):
            if layer.fixture is not fixture:
                return place
        return min(len(self.layers), len(asked))

    def _make(self, fixture: Fixture, needs: list[Fixture]) -> None:
        made = self._copies()
        names = {one.argname: made[one] for one in needs}
        savepoint = transaction.atomic()
        # What the suite wants to do outside of any transaction is allowed, as it is in a test.
        savepoint._from_testcase = True
        savepoint.__enter__()
        try:
            made[fixture] = fixture.func(**names, **dict.fromkeys(_asks_database(fixture)))
        except BaseException:
            _undo(savepoint)
            raise
        self.layers.append(Layer(fixture, savepoint, made))


ROWS = SharedRows()


def place(fixture: Fixture) -> tuple[int, str, int]:
    """Return where a fixture stands: the outermost conftest first."""
    return fixture.baseid.count("/"), fixture.baseid, fixture.func.__code__.co_firstlineno


def empties_database(item: pytest.Item) -> bool:
    """Tell whether all rows are gone after a test, those of migrations, too."""
    mark = item.get_closest_marker("django_db")
    is_marked = mark is not None and bool(mark.kwargs.get("transaction"))
    names = getattr(item, "fixturenames", ())
    return is_marked or "transactional_db" in names or "live_server" in names


def sort_by_rows(items: list[pytest.Item]) -> None:
    """Put tests of one file that share the same rows beside each other.

    Those that empty the database stay behind: alone or not, a file is one group but for them.
    """
    groups = groupby(items, key=lambda item: (item.path, empties_database(item)))
    items[:] = [one for _path, group in groups for one in sorted(group, key=_places)]


def _places(item: pytest.Item) -> list[tuple[int, str, int]]:
    return [place(fixture) for fixture in chain(item)]


def chain(item: pytest.Item) -> list[Fixture]:
    """Return what a test shares, each fixture after those that it asks for itself.

    Otherwise in the order in which they stand in the files, whichever tests are run.
    """
    waiting, found = needs_of(item), []
    while waiting:
        ready = [one for one, needs in waiting.items() if waiting.keys().isdisjoint(needs)]
        found.append(min(ready, key=place))
        del waiting[found[-1]]
    return found


def needs_of(item: pytest.Item) -> dict[Fixture, list[Fixture]]:
    """Return the shared fixtures of a test, each with those that it asks for.

    One that asks for what is not shared here, as where a file has a fixture of the same name, is
    made within the test like any other.
    """
    known = item._fixtureinfo.name2fixturedefs if hasattr(item, "_fixtureinfo") else {}
    found: dict[Fixture, list[Fixture]] = {}
    for name in known:
        _add(known[name][-1], known, found)
    return found


def _add(fixture: Fixture, known: Known, found: dict[Fixture, list[Fixture]]) -> bool:
    """Add a fixture and what it asks for; tell whether it is one of those shared."""
    if fixture in found or not is_shared(fixture):
        return fixture in found
    needs = [_meant(fixture, name, known) for name in fixture.argnames if name not in DATABASE]
    if all(need is not None and _add(need, known, found) for need in needs):
        found[fixture] = needs
    return fixture in found


def _meant(fixture: Fixture, name: str, known: Known) -> Fixture | None:
    """Return the nearest fixture of this name; one that asks for its own name means the next."""
    if name != fixture.argname:
        return known[name][-1]
    place = known[name].index(fixture)
    return known[name][place - 1] if place else None


def _asks_database(fixture: Fixture) -> list[str]:
    return [name for name in fixture.argnames if name in DATABASE]


def _know_content_types() -> None:
    """Look up the number of each model once: else the first test that meets one, in whatever order
    they run, would spend a query more than the others.
    """
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects.get_for_models(*apps.get_models())


def _undo(savepoint: transaction.Atomic) -> None:
    if not connection.closed_in_transaction:
        transaction.set_rollback(True)
    savepoint.__exit__(None, None, None)
