"""Rows that follow from others: whether those stored are those that should be."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

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
