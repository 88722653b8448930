"""How each kind of database is saved whole, tried out beside the live one, and put in its place."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from django.db import connection

from lms.ops.engines.postgresql import Postgres
from lms.ops.engines.sqlite import Sqlite

__all__ = ["Engine", "engine_of_suite"]


class Engine(Protocol):
    """What is asked of a kind of database."""

    vendor: str

    def name(self) -> str:
        """Return the name of the live database, as its administrator calls it."""

    def snapshot(self, dump: Path) -> AbstractContextManager[str]:
        """Save the database as this file, and give the alias under which just that is read."""

    def scratch(self, dump: Path) -> AbstractContextManager[str]:
        """Load a dump beside the live database, and give its alias; nothing of it is left after."""

    def replace_live(self, alias: str) -> None:
        """Put the scratch database of this alias in the place of the live one, at one moment."""


def engine_of_suite() -> Engine:
    """Return the one that the suite runs on."""
    engines: Iterator[Engine] = iter((Postgres(), Sqlite()))
    return next(engine for engine in engines if engine.vendor == connection.vendor)
