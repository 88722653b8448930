"""Rows that follow from others: whether those stored are those that should be."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

# What a row is found by: ids and words that can be sorted.
Key = TypeVar("Key", bound=tuple[Any, ...])


class Fault(StrEnum):
    """What is wrong with a derived row."""

    MISSING = "missing"
    SURPLUS = "surplus"
    WRONG = "wrong"


def find_faults(*, wanted: Mapping[Key, Any], stored: Mapping[Key, Any]) -> dict[Key, Fault]:
    """Return what is wrong, by key, in the order of the keys; both map a key to its facts."""
    faults = {}
    for key in sorted(wanted.keys() | stored.keys()):
        if key not in stored:
            faults[key] = Fault.MISSING
        elif key not in wanted:
            faults[key] = Fault.SURPLUS
        elif wanted[key] != stored[key]:
            faults[key] = Fault.WRONG
    return faults


def analyze(models: Iterable[type[Model]]) -> None:
    """Let PostgreSQL look at rows that were all written anew: autovacuum comes a minute later, or many, and
    until then it reads them in ways that suit the few rows of before. SQLite is left alone.
    """
    if connection.vendor == "postgresql":
        tables = (connection.ops.quote_name(model._meta.db_table) for model in models)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(tables)}")
