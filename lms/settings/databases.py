"""How the suite speaks to its database; the same in every environment."""

import re
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

POSTGRESQL: Final = "django.db.backends.postgresql"
# Seconds within which a server has to take a connection, and one that is gone is noticed: libpq
# would wait for minutes, or without end.
_CONNECT_SECONDS: Final = 5
_SILENT_SECONDS: Final = 30
_OPTIONS: dict[str, dict[str, Any]] = {
    # A write lock from the start: two writers queue instead of failing half-way.
    "django.db.backends.sqlite3": {"transaction_mode": "IMMEDIATE", "timeout": 20},
    # The same few statements answer every page: the server plans each of them once a connection.
    POSTGRESQL: {"server_side_binding": True, "prepare_threshold": 5},
}
# Seconds that a request waits for a connection of the pool that is free.
_POOL_TIMEOUT: Final = 5


def with_options(database: dict[str, Any]) -> dict[str, Any]:
    """Return the database with the suite's options; what its address says itself goes first."""
    limits = _limits() if database["ENGINE"] == POSTGRESQL else {}
    options = _OPTIONS.get(database["ENGINE"], {}) | limits | database.get("OPTIONS", {})
    return {**database, "OPTIONS": options}


def _limits() -> dict[str, int]:
    """Return what ends a connection to a machine that is gone; statements have limits of their own."""
    return {
        "connect_timeout": _CONNECT_SECONDS,
        "keepalives_idle": _SILENT_SECONDS,
        "keepalives_interval": _CONNECT_SECONDS,
        "keepalives_count": 3,
        "tcp_user_timeout": _SILENT_SECONDS * 1000,
    }


def of_server(
    database: dict[str, Any], *, pooler: str = "", pool: str = "", max_age: str = ""
) -> dict[str, Any]:
    """Return the database with how connections to its server are kept.

    `pooler`: what stands before the server, nothing or `transaction` (PgBouncer, which gives out its
    connections for a transaction); `pool`: the smallest and the largest number of connections that a
    process keeps itself, `2-4`; `max_age`: seconds after which a thread opens its connection anew.
    Raises ImproperlyConfigured where they contradict each other.
    """
    database = with_options(database)
    if (pooler or pool or max_age) and database["ENGINE"] != POSTGRESQL:
        raise ImproperlyConfigured("DATABASE_POOLER, _POOL and _MAX_AGE are for PostgreSQL only.")
    database["CONN_HEALTH_CHECKS"] = True
    database["CONN_MAX_AGE"] = _read_max_age(max_age, database.get("CONN_MAX_AGE", 60))
    if pooler not in {"", "transaction"}:
        raise ImproperlyConfigured(f"DATABASE_POOLER is empty or “transaction”, not “{pooler}”.")
    if pooler:
        # Neither a cursor nor a prepared statement outlives the transaction there.
        database["DISABLE_SERVER_SIDE_CURSORS"] = True
        database["OPTIONS"]["prepare_threshold"] = None
    if pool:
        if max_age:
            raise ImproperlyConfigured(
                "DATABASE_POOL keeps the connections itself: leave DATABASE_MAX_AGE empty."
            )
        database["CONN_MAX_AGE"] = 0
        database["OPTIONS"]["pool"] = _read_pool(pool)
    return database


def _read_max_age(text: str, usual: int) -> int:
    if text and not re.fullmatch(r"[0-9]{1,6}", text):
        raise ImproperlyConfigured(f"DATABASE_MAX_AGE is a number of seconds, not “{text}”.")
    return int(text) if text else usual


def _read_pool(text: str) -> dict[str, int]:
    sizes = re.fullmatch(r"([0-9]{1,3})-([0-9]{1,3})", text)
    if not sizes or not 0 < int(sizes[2]) >= int(sizes[1]):
        raise ImproperlyConfigured(
            f"DATABASE_POOL is the smallest and the largest number, such as 2-4, not “{text}”."
        )
    return {"min_size": int(sizes[1]), "max_size": int(sizes[2]), "timeout": _POOL_TIMEOUT}
