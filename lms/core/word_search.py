"""Folded text searched by parts of words, with an index over each three letters in a row.

`filter(search_text__holds="nguyen huong")` finds the rows that hold every one of these words, or
begin, end or continue with it. PostgreSQL has the index of `pg_trgm`; beside SQLite's table stands
one of FTS5, which triggers keep as it is.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.exceptions import FullResultSet
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup, Model
from django.db.models.expressions import Col
from django.db.models.lookups import Contains

from lms.core.fields import DerivedTextField

# Shorter words stand in no index of three letters.
_INDEXED_LENGTH = 3
# Of more words the index is asked for some, and the rows found are looked through for the rest.
_MOST_WORDS = 8
_Sql = tuple[str, list[Any]]


class SearchTextField(DerivedTextField):
    """A derived text with the index; on PostgreSQL the model names it: a `GinIndex` with
    `gin_trgm_ops`.
    """

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        # To the database the same column, and to migrations, which would make the table anew.
        name, _path, args, kwargs = super().deconstruct()
        return name, "lms.core.fields.DerivedTextField", args, kwargs


@DerivedTextField.register_lookup
class HoldsWords(Lookup):
    """Whether the text holds each word of the folded text that is given; no word is in all of them."""

    lookup_name = "holds"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return _conjunction(self._each(self.lhs, self.rhs.split(), compiler, connection))

    def as_postgresql(self, compiler: Any, connection: Any) -> _Sql:
        """Ask the index first where every word stands in it.

        Left to the planner, a given name is looked for along the order of names, in which all who
        are called so stand at one place, perhaps the last.
        """
        words = self.rhs.split()
        if not self._has_index() or not words or min(map(len, words)) < _INDEXED_LENGTH:
            return self.as_sql(compiler, connection)
        field, quote = self.lhs.target, connection.ops.quote_name
        inner, params = _conjunction(self._each(Col("found", field), words, compiler, connection))
        table, pk = (quote(name) for name in (field.model._meta.db_table, _pk(field.model)))
        found = f'SELECT "found".{pk} FROM {table} "found" WHERE {inner}'  # noqa: S608
        return f"{quote(self.lhs.alias)}.{pk} = ANY(ARRAY({found}))", params

    def as_sqlite(self, compiler: Any, connection: Any) -> _Sql:
        words = self.rhs.split()
        indexed = [word for word in words if len(word) >= _INDEXED_LENGTH][:_MOST_WORDS]
        if not self._has_index() or not indexed:
            return self.as_sql(compiler, connection)
        field, quote = self.lhs.target, connection.ops.quote_name
        index = quote(_index_of(field))
        phrases = " AND ".join('"{}"'.format(word.replace('"', '""')) for word in indexed)
        column = f"{quote(self.lhs.alias)}.{quote(_pk(field.model))}"
        found = f"{column} IN (SELECT rowid FROM {index} WHERE {index} MATCH %s)"  # noqa: S608
        rest = [word for word in words if word not in indexed]
        return _conjunction([(found, [phrases]), *self._each(self.lhs, rest, compiler, connection)])

    def _has_index(self) -> bool:
        return isinstance(self.lhs, Col) and isinstance(self.lhs.target, SearchTextField)

    def _each(
        self, column: Any, words: Sequence[str], compiler: Any, connection: Any
    ) -> Iterator[_Sql]:
        for word in words:
            sql, params = compiler.compile(Contains(column, word))
            yield sql, list(params)


def _conjunction(conditions: Any) -> _Sql:
    parts = list(conditions)
    if not parts:
        raise FullResultSet
    return " AND ".join(sql for sql, _ in parts), [one for _, params in parts for one in params]


def make_indexes(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Make what SQLite lacks of the indexes; receiver of `post_migrate`.

    Not in a migration: whenever Django changes a table there it makes a new one, without the
    triggers of the old one.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    for model in sender.get_models():
        for field in _searched(model):
            _make_index(connection, model, field)


def rebuild_indexes(connection: BaseDatabaseWrapper) -> None:
    """Write the indexes of SQLite anew: until then they hold parts of what was deleted."""
    with connection.cursor() as cursor:
        for model in apps.get_models():
            for field in _searched(model):
                index = connection.ops.quote_name(_index_of(field))
                cursor.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")  # noqa: S608


def _searched(model: type[Model]) -> list[SearchTextField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, SearchTextField)]


def _make_index(
    connection: BaseDatabaseWrapper, model: type[Model], field: SearchTextField
) -> None:
    quote = connection.ops.quote_name
    table, name = model._meta.db_table, _index_of(field)
    column, index = quote(str(field.column)), quote(name)
    triggers = _triggers(quote(table), quote(_pk(model)), column, index)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pragma_table_info(%s)", [table])
        # Before the migration that adds the column, there is nothing to look through.
        is_there = (field.column,) in cursor.fetchall()
        cursor.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name GLOB %s",
            [f"{name}_*"],
        )
        if not is_there or cursor.fetchone() == (len(triggers),):
            return
        cursor.execute(f"DROP TABLE IF EXISTS {index}")
        cursor.execute(
            f"CREATE VIRTUAL TABLE {index} USING fts5({column}, content={quote(table)},"
            f" content_rowid={quote(_pk(model))}, tokenize='trigram')"
        )
        for event, trigger in triggers.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {quote(f'{name}_{event}')}")
            cursor.execute(f"CREATE TRIGGER {quote(f'{name}_{event}')} {trigger}")
        cursor.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")  # noqa: S608


def _triggers(table: str, pk: str, column: str, index: str) -> dict[str, str]:
    """Return what keeps the index as the table is, by event."""
    forget = (
        f"INSERT INTO {index}({index}, rowid, {column})"  # noqa: S608 - names from our models
        f" VALUES ('delete', old.{pk}, old.{column})"
    )
    learn = f"INSERT INTO {index}(rowid, {column}) VALUES (new.{pk}, new.{column})"  # noqa: S608
    return {
        "insert": f"AFTER INSERT ON {table} BEGIN {learn}; END",
        "delete": f"AFTER DELETE ON {table} BEGIN {forget}; END",
        "update": f"AFTER UPDATE OF {column} ON {table}"
        f" WHEN old.{column} IS NOT new.{column} BEGIN {forget}; {learn}; END",
    }


def _pk(model: type[Model]) -> str:
    return str(model._meta.pk.column)


def _index_of(field: Any) -> str:
    return f"{field.model._meta.db_table}_{field.column}_fts"
