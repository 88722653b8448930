"""Several people, or workers, who act at the same moment, each on a connection of their own."""

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from lms.core.refusal import Refusal

# The `pytestmark` of such tests: what they write is seen by every connection.
ON_REAL_CONNECTIONS = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing to meet"
    ),
]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Return what comes of acts that begin together, in their order; a refusal as such."""
    start = Barrier(len(acts), timeout=20)

    def run(act):
        start.wait()
        return alone(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@contextmanager
def hurried() -> Iterator[None]:
    """Let threads change places in the middle of everything."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def alone(act: Callable[[], Any]) -> Any:
    """Return what comes of an act in a thread of its own, whose connection is closed after it."""
    try:
        return act()
    except Refusal as refusal:
        return refusal
    finally:
        connections.close_all()


def codes_of(outcomes: Iterable[Any]) -> list[str]:
    """Why acts were refused, in their order."""
    return [one.code for one in outcomes if isinstance(one, Refusal)]


def waits_for_us() -> bool:
    """Whether somebody waits for a lock that this thread holds; PostgreSQL alone can say so."""
    # Not pg_stat_activity: a transaction sees that as it was when it first looked. The other
    # databases of the server are full of locks that others wait for.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])
