"""Queries that are asked many times a second: put into SQL once, then asked with other values.

To put a query together costs Django several times what PostgreSQL takes to answer it.
"""

import copy
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import QuerySet

Row = TypeVar("Row")
#: The place of a list of which all is one parameter.
WHOLE: Final = -1

# So many shapes of one query are remembered: roles of readers, lengths of lists.
MOST: Final = 200
# What no row has: numbers, moments and ids that stand in for values while SQL is made.
_NUMBER: Final = 4_611_686_018_427_000_000
_MOMENT: Final = datetime(1801, 1, 1, tzinfo=UTC)
_ID: Final = 0xC0DE << 112
_TEXT: Final = "\x01 value \x01 "


class _Slot(NamedTuple):
    """Which value a parameter takes. `place`: in a list; `begins`: what begins with it is looked for."""

    name: str
    place: int
    begins: bool = False


@dataclass(frozen=True)
class _Compiled:
    rows: QuerySet[Any]
    compiler: Any
    sql: str
    #: Each parameter as it is, or the slot of the value that takes its place.
    params: Sequence[tuple[Any, _Slot | None]]


class CompiledQuery(Generic[Row]):
    """A query by its builder, which is called once for each shape.

    The builder gets the shape, whatever decides how the SQL looks, and by name the values: whole
    numbers, moments, UUIDs, texts, or lists of them. It passes values on to the query and does nothing else
    with them; ValueError where the SQL turns out to hang on one.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self.build = build
        self.compiled: dict[Hashable, _Compiled] = {}

    def ask(self, *shape: Hashable, **values: Any) -> list[Row]:
        """Return the rows. SQLite, where it is writing that takes long, is asked the common way, and
        so is what an empty list makes empty.
        """
        if connection.vendor != "postgresql" or [] in values.values():
            return list(self.build(*shape, **values))
        lengths = tuple(len(one) for one in values.values() if isinstance(one, list))
        known = self.compiled.get(shape) or self.compiled.get((shape, lengths))
        if known is None:
            try:
                known = _compile(self.build, shape, values)
            except EmptyResultSet:
                # Nobody's units, a number that no row can have.
                return list(self.build(*shape, **values))
            if len(self.compiled) >= MOST:
                self.compiled.clear()
            self.compiled[(shape, lengths) if _is_sized(known, values) else shape] = known
        return _answer(known, values)


def _compile(
    build: Callable[..., QuerySet[Any, Any]], shape: Sequence[Hashable], values: Mapping[str, Any]
) -> _Compiled:
    slots: dict[Any, _Slot] = {}
    stand_ins: dict[str, Any] = {}
    for name, value in values.items():
        many = value if isinstance(value, list) else [value]
        chosen = [_stand_in(one, len(slots) + place) for place, one in enumerate(many)]
        for place, stand_in in enumerate(chosen):
            slots[stand_in] = _Slot(name, place)
            slots[f"{stand_in}%"] = _Slot(name, place, begins=True)
        stand_ins[name] = chosen if isinstance(value, list) else chosen[0]
    rows = build(*shape, **stand_ins)
    compiler = rows.query.get_compiler(using=rows.db)
    sql, given = compiler.as_sql()
    wholes = {name: one for name, one in stand_ins.items() if isinstance(one, list)}
    params = [(one, _slot_of(one, slots, wholes)) for one in given]
    made = _Compiled(rows=rows, compiler=compiler, sql=sql, params=params)
    plain = build(*shape, **values).query.get_compiler(using=rows.db).as_sql()
    if plain != (sql, _fill(made, values)):
        raise ValueError("The query hangs on its values by more than its parameters.")
    return made


def _slot_of(
    param: Any, slots: Mapping[Any, _Slot], wholes: Mapping[str, list[Any]]
) -> _Slot | None:
    if isinstance(param, list):
        return next((_Slot(name, WHOLE) for name, whole in wholes.items() if whole == param), None)
    return slots.get(param) if isinstance(param, Hashable) else None


def _is_sized(known: _Compiled, values: Mapping[str, Any]) -> bool:
    """Return whether the SQL names the values of a list one by one."""
    slots = [slot for _param, slot in known.params if slot]
    return any(one.place != WHOLE and isinstance(values[one.name], list) for one in slots)


def _stand_in(value: Any, place: int) -> Any:
    if isinstance(value, datetime):
        return _MOMENT + timedelta(microseconds=place)
    if isinstance(value, str):
        return f"{_TEXT}{place}"
    return UUID(int=_ID + place) if isinstance(value, UUID) else _NUMBER - place


def _fill(known: _Compiled, values: Mapping[str, Any]) -> tuple[Any, ...]:
    lists = {name: one if isinstance(one, list) else [one] for name, one in values.items()}
    return tuple(
        one if slot is None else _filled(one, lists[slot.name], slot) for one, slot in known.params
    )


def _filled(param: Any, many: list[Any], slot: _Slot) -> Any:
    if slot.place == WHOLE:
        return many
    value = many[slot.place]
    return f"{connection.ops.prep_for_like_query(value)}%" if slot.begins else _as(param, value)


def _answer(known: _Compiled, values: Mapping[str, Any]) -> list[Any]:
    params = _fill(known, values)
    # Copies: threads ask at the same time, each through a connection of its own.
    compiler = copy.copy(known.compiler)
    compiler.as_sql = lambda *_args, **_kwargs: (known.sql, params)
    query = copy.copy(known.rows.query)
    query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
    rows: Any = type(known.rows)(model=known.rows.model, query=query)
    for name in ("_iterable_class", "_fields", "_for_write"):
        setattr(rows, name, getattr(known.rows, name))
    # The one that the router names now: of one page all is read from the same.
    compiler.using = rows.db
    compiler.connection = connections[compiler.using]
    return list(rows)


def _as(param: Any, value: Any) -> Any:
    """Return the value as the driver is told of it: whole numbers come in three sizes."""
    return type(param)(value) if isinstance(param, int) else value
