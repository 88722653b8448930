"""The figures of a frozen report as cells, and what they add up to."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lms.reporting.domain.small_numbers import Sum
from lms.reporting.enums import PersonState

#: The columns of each table; `people` is the sum of the others.
STATES: Final = tuple(state.value for state in PersonState)
COLUMNS: Final = ("people", *STATES)
#: The tables: districts (or communes), their communes, and cadres.
TABLES: Final = ("rows", "places", "cadres")
#: Table, key of the row, column.
Cell = tuple[str, str, str]


def rows_of_facts(facts: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each row with its table; that of the whole stands in a table of its own."""
    for name in TABLES:
        for row in facts[name]:
            yield name, row
    yield "total", {**facts["total"], "key": "total"}


def figures_of_facts(facts: Mapping[str, Any]) -> dict[Cell, int]:
    """Return the figure of each cell."""
    return {
        (name, row["key"], column): row[column]
        for name, row in rows_of_facts(facts)
        for column in COLUMNS
    }


def cells_of_rows(facts: Mapping[str, Any]) -> list[list[Cell]]:
    """Return the cells of each row, the number of people first."""
    return [
        [(name, row["key"], column) for column in COLUMNS] for name, row in rows_of_facts(facts)
    ]


def sums_of_facts(facts: Mapping[str, Any]) -> list[Sum]:
    """Return what the cells add up to: a row its states; of each column the whole its districts and its
    cadres, a district its communes, and what stands in both tables itself.
    """
    sums = [Sum(people, tuple(states)) for people, *states in cells_of_rows(facts)]
    for column in COLUMNS:
        sums += _sums_of(facts, column)
    return sums


def _sums_of(facts: Mapping[str, Any], column: str) -> list[Sum]:
    whole = ("total", "total", column)
    sums = [
        Sum(whole, tuple((name, one["key"], column) for one in facts[name]))
        for name in ("rows", "cadres")
        if facts[name]
    ]
    if not facts["places"]:
        return sums
    below: dict[str, list[Cell]] = {}
    for one in facts["places"]:
        below.setdefault(one["district"], []).append(("places", one["key"], column))
    known = {one["key"] for one in facts["places"] if not one["district"]}
    for one in facts["rows"]:
        if one["has_communes"]:
            parts = below.get(one["unit"], [])
        else:
            parts = [("places", one["key"], column)] if one["key"] in known else []
        if parts:
            sums.append(Sum(("rows", one["key"], column), tuple(parts)))
    return sums
