"""A journal of changed rows: what was written, column by column.

A change is `{model, pk, is_new, fields: {column: [old, new]}}`. Imports and merges store it as JSON;
a column that names another row goes by its `…_id`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import models
from django.utils.text import capfirst

# One statement carries as many ids on every database.
IDS_AT_ONCE = 5000


@dataclass
class Change:
    """One row that was written; `old` is None where the row is new."""

    model: str
    pk: Any
    is_new: bool
    fields: Mapping[str, list[Any]]
    #: Changes of one group are taken back together or not at all.
    group: str = ""


def set_columns(row: models.Model, values: Mapping[str, Any], group: str = "") -> Change:
    """Set these columns of the row, which the caller saves, and record what they held."""
    fields = {name: [getattr(row, name), new] for name, new in values.items()}
    for name, new in values.items():
        setattr(row, name, new)
    return Change(row._meta.label_lower, row.pk, False, fields, group)


def record_new(row: models.Model, names: Iterable[str], group: str = "") -> Change:
    """Record a row that was just added, with what these columns hold."""
    fields = {name: [None, getattr(row, name)] for name in names}
    return Change(row._meta.label_lower, row.pk, True, fields, group)


def plain(value: Any) -> Any:
    """Return a value as JSON keeps it; Django's own encoder cuts off the microseconds."""
    return value.isoformat() if isinstance(value, date) else value


def plain_fields(change: Change) -> dict[str, list[Any]]:
    return {name: [plain(value) for value in pair] for name, pair in change.fields.items()}


def from_plain(model: type[models.Model], name: str, stored: Any) -> Any:
    """Return a value as the column holds it, from what JSON kept of it."""
    if stored is None:
        # What stood in a new row before: no column need be able to hold it.
        return None
    column: Any = model._meta.get_field(name)
    return (column.target_field if column.is_relation else column).to_python(stored)


def compare(row: models.Model, fields: Mapping[str, list[Any]]) -> tuple[dict[str, Any], list[str]]:
    """Return the old values of columns that still hold what was written, and the other columns."""
    old: dict[str, Any] = {}
    changed: list[str] = []
    for name, (before, written) in fields.items():
        if getattr(row, name) == from_plain(type(row), name, written):
            old[name] = from_plain(type(row), name, before)
        else:
            changed.append(name)
    return old, changed


def standing_on(
    *,
    model: type[models.Model],
    pks: Collection[Any],
    besides: Collection[type[models.Model]] = (),
    going: Mapping[type[models.Model], Collection[Any]] = MappingProxyType({}),
) -> dict[Any, set[str]]:
    """Return what kinds of rows point at these, by pk; those of the models `besides` do not count,
    nor rows that are `going`, nor those that only say what others say (`is_derived`): they go
    with their row.
    """
    found: dict[Any, set[str]] = defaultdict(set)
    for rows, column in pointing_at(model):
        if rows in besides or getattr(rows, "is_derived", False):
            continue
        name = capfirst(str(rows._meta.verbose_name))
        taken = rows._base_manager.filter(**{f"{column}__among": pks}).order_by()
        if rows in going:
            pairs = taken.values_list(column, "pk")
            standing = {pk for pk, pointing in pairs if pointing not in going[rows]}
        else:
            standing = set(taken.values_list(column, flat=True).distinct())
        for pk in standing:
            found[pk].add(name)
    return found


def pointing_at(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Yield the models whose rows point at this one, with the name of the column."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and (relation.one_to_many or relation.one_to_one):
            yield relation.related_model, relation.field.name  # type: ignore[misc, union-attr]


def portions(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
