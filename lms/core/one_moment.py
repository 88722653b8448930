"""Reading several things as they all stood at one moment, whatever others write meanwhile."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from django.db import connections, router, transaction
from django.db.models import Model

#: `IMMEDIATE`, which transactions begin with elsewhere, would let one reader in at a time, and no writer.
_READING: Final = "DEFERRED"


@contextmanager
def one_moment() -> Iterator[None]:
    """See inside nothing of what is committed after the first query; only read there. Decorates functions.

    For what adds up the answers of several queries: one person who moves between two of them would be counted
    twice, or not at all. Inside a transaction that has begun already it is as that one is.
    """
    one: Any = connections[router.db_for_read(Model)]
    if one.in_atomic_block:
        yield
        return
    with ExitStack() as ends:
        _begin(one, ends)
        yield


def _begin(one: Any, ends: ExitStack) -> None:
    """Begin what ends with `ends`."""
    if one.vendor == "sqlite":
        # What it begins with is known once it is connected.
        one.ensure_connection()
        usual, one.transaction_mode = one.transaction_mode, _READING
        try:
            ends.enter_context(transaction.atomic(using=one.alias))
        finally:
            one.transaction_mode = usual
        return
    # Else one that the server has ended would be replaced when the transaction begins, by one that is told nothing.
    one.close_if_health_check_failed()
    one.ensure_connection()
    ends.enter_context(_reading_as_of_now(one.connection))
    ends.enter_context(transaction.atomic(using=one.alias))


@contextmanager
def _reading_as_of_now(server: Any) -> Iterator[None]:
    """Let a transaction begin so: said with its BEGIN, it takes no statement of its own."""
    # Not above: the embedded database does without it.
    from psycopg import IsolationLevel  # noqa: PLC0415

    usual = server.isolation_level, server.read_only
    server.isolation_level, server.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        yield
    finally:
        if not server.closed:
            server.isolation_level, server.read_only = usual
