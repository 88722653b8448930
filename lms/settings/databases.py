"""How the suite speaks to its database; the same in every environment."""

from typing import Any

_OPTIONS: dict[str, dict[str, Any]] = {
    # A write lock from the start: two writers queue instead of failing half-way.
    "django.db.backends.sqlite3": {"transaction_mode": "IMMEDIATE", "timeout": 20},
    # The same few statements answer every page: the server plans each of them once a connection.
    # Behind a pooler that hands out its connections by the transaction, set
    # `?prepare_threshold=` to nothing in DATABASE_URL.
    "django.db.backends.postgresql": {"server_side_binding": True, "prepare_threshold": 5},
}


def with_options(database: dict[str, Any]) -> dict[str, Any]:
    """Return the database with the suite's options; what its address says itself goes first."""
    options = _OPTIONS.get(database["ENGINE"], {}) | database.get("OPTIONS", {})
    return {**database, "OPTIONS": options}
