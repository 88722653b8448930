"""What the suite knows better about the database at hand than Django 5.2 does."""

import sqlite3
from collections.abc import Collection
from typing import Any, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def use_sqlite_limits(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let one statement carry as many values as this SQLite allows; receiver of `connection_created`.

    Django 5.2 reckons with the 999 of old SQLite versions and cuts the insert of a roll call of
    500 into six; Django 6.0 asks SQLite, as here.
    """
    if connection.vendor == "sqlite":
        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = limit


def lock_rows(rows: QuerySet[Row], *, pks: Collection[Any], no_key: bool = True) -> dict[Any, Row]:
    """Lock these rows until the transaction ends and return them by key; those gone are left out.

    They are locked in the order of their keys: whoever locks some of the same rows waits, where
    an order left to the database's plan ends in a deadlock now and then. With `no_key` rows that
    refer to them can be written meanwhile.
    """
    locked = rows.select_for_update(no_key=no_key).filter(pk__in=pks).order_by("pk")
    return {row.pk: row for row in locked}
