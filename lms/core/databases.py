"""What the suite knows better about the database at hand than Django 5.2 does."""

import sqlite3
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from django.db import IntegrityError, InterfaceError, OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet

from lms.core.word_search import rebuild_indexes

Row = TypeVar("Row", bound=Model)
# How long a web process waits for a lock, and for the answer to one statement; longer than any page
# takes, and shorter than the proxy waits.
WEB_LOCK_SECONDS = 5
WEB_STATEMENT_SECONDS = 60
# What a plan has to save before PostgreSQL starts other processes for a query of a page. To start two takes 15 ms of
# processor time, more than most queries do; the server's own bound is a hundredth of this.
WEB_PARALLEL_COST = 100_000
# How long a migration waits for a table: whoever asks for it later waits behind the migration.
MIGRATION_LOCK_SECONDS = 30
# How PostgreSQL and SQLite name a row that there is already.
_REPEATED = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
# Since then it cannot be built without.
_HAS_JSON = (3, 38)
_MOST = 2**63 - 1
# Equal to no number, and larger than each.
_NOWHERE = float("inf")


def use_sqlite_limits(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let one statement carry as many values as this SQLite allows; receiver of `connection_created`.

    Django 5.2 reckons with the 999 of old SQLite versions and cuts the insert of a roll call of
    500 into six; Django 6.0 asks SQLite, as here. It also asks in a transaction whether SQLite knows
    JSON: while somebody else writes, the answer was no, and stayed so for the connection.

    What is read in parts is read whole before it is used: with rows left to read SQLite refuses at once,
    whatever the time it may wait, to write once anybody else has written since.
    """
    if connection.vendor == "sqlite":
        if sqlite3.sqlite_version_info >= _HAS_JSON:
            connection.features.supports_json_field = True
        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = limit
        connection.features.can_use_chunked_reads = False
        if _ask_for_any_number not in connection.execute_wrappers:
            connection.execute_wrappers.append(_ask_for_any_number)


def _ask_for_any_number(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Find no row where one is asked for whose number is too large, as PostgreSQL does.

    SQLite's driver fails at such a number; Django mends that for single numbers of plain columns only.
    """
    if params and sql.startswith("SELECT"):
        params = tuple(_NOWHERE if _is_too_large(value) else value for value in params)
    return execute(sql, params, many, context)


def _is_too_large(value: object) -> bool:
    return type(value) is int and not -_MOST - 1 <= value <= _MOST


def is_unavailable(error: BaseException | None) -> bool:
    """Return whether the database could not serve at the moment, rather than was asked something wrong.

    SQLite: somebody else holds the lock. PostgreSQL: away, full, stopping, or a lock that does not
    come; a connection that was cut meanwhile is an InterfaceError.
    """
    cause = error.__cause__ if error else None
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        return code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return isinstance(error, OperationalError | InterfaceError)


def limit_waits(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let a person wait for a lock, and for an answer, for some seconds only; receiver of
    `connection_created` in the web processes: whoever waits there holds a thread that others need. A query
    that is answered soon is answered by one process.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {WEB_LOCK_SECONDS * 1000}")
        elif not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            # Not behind a pooler, where the next transaction may be another's.
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, false), set_config('statement_timeout', %s, false),"
                " set_config('parallel_setup_cost', %s, false)",
                [f"{WEB_LOCK_SECONDS}s", f"{WEB_STATEMENT_SECONDS}s", str(WEB_PARALLEL_COST)],
            )


def limit_migration_locks(using: str, **kwargs: Any) -> None:
    """Let a migration give up where somebody holds a table, a backup for example: it is applied whole
    or not at all, and can be run again; receiver of `pre_migrate`.
    """
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{MIGRATION_LOCK_SECONDS}s'")


def compact_file() -> None:
    """Write the database anew: until then SQLite leaves in its file what was deleted."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        rebuild_indexes(connection)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def lock_rows(rows: QuerySet[Row], *, pks: Collection[Any], no_key: bool = True) -> dict[Any, Row]:
    """Lock these rows until the transaction ends and return them by key; those gone are left out.

    They are locked in the order of their keys: whoever locks some of the same rows waits, where
    an order left to the database's plan ends in a deadlock now and then. With `no_key` rows that
    refer to them can be written meanwhile.
    """
    locked = rows.select_for_update(no_key=no_key).filter(pk__among=pks).order_by("pk")
    return {row.pk: row for row in locked}


def share_locks() -> AbstractContextManager[None]:
    """Within it a lock without the key (`select_for_update(no_key=True)`) is one that any number may
    hold: nobody changes the rows until the transaction ends.

    Whoever means to change them locks them alone instead: two who hold a row and then change it
    wait for each other.
    """
    return connection.execute_wrapper(_share_lock)


def _share_lock(execute: Callable[..., Any], sql: str, *call: Any) -> Any:
    """Ask for the lock that Django has no word for."""
    return execute(sql.replace(" FOR NO KEY UPDATE", " FOR SHARE"), *call)


def is_repeat(error: IntegrityError) -> bool:
    """Return whether a row was refused since there is one like it; another constraint is another fault."""
    cause = error.__cause__
    told = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    return told in _REPEATED
