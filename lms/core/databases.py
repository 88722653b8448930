"""What the suite knows better about the database at hand than Django 5.2 does."""

import sqlite3
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def use_sqlite_limits(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let one statement carry as many values as this SQLite allows; receiver of `connection_created`.

    Django 5.2 reckons with the 999 of old SQLite versions and cuts the insert of a roll call of
    500 into six; Django 6.0 asks SQLite, as here.
    """
    if connection.vendor == "sqlite":
        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = limit
