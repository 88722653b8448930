"""Triggers that note, in the transaction of a change, whose kept figures it makes stale.

No writer can forget them: updates in bulk, merges, undone lists and what is typed at the database
are noted alike. Not in a migration: on SQLite Django makes a table anew when it changes it, without
its triggers, and refuses to while those of other tables name it. So they go before a migration
and come back after it, and whatever was kept is counted anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from zlib import crc32

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from lms.reporting.extensions import TallySource, report_columns

_PREFIX: Final = "reporting_tally_"
_DUE: Final = "reporting_tallydue"
_ENROLLED: Final = "SELECT user_id FROM courses_enrolment WHERE run_id IN ({})"
#: People and classes. Sources of the plug-ins come with their columns.
_OWN: Final = (
    TallySource(
        "accounts_posting", "user_id", ("user_id", "unit_id", "cadre", "valid_from", "valid_to")
    ),
    TallySource(
        "courses_enrolment",
        "user_id",
        ("user_id", "run_id", "unit_id", "cadre", "status", "enrolled_at", "completed_at"),
    ),
    TallySource("accounts_user", "id", ("sex", "is_minimal")),
    TallySource(
        "courses_courserun", "id", ("status", "starts_on", "programme_id", "course_id"), _ENROLLED
    ),
)
_PLACED: Final = ("accounts_posting", "courses_enrolment")
_REQUIREMENTS: Final = "courses_programmerequirement"
_ASKED: Final = ("programme_id", "course_id", "cadre")


@dataclass(frozen=True)
class _Trigger:
    """What is done when rows of a table come, go or change, on one kind of database."""

    table: str
    event: str
    columns: tuple[str, ...]
    statements: tuple[str, ...]

    @property
    def name(self) -> str:
        """Other statements have another name: those of an earlier release are found and go."""
        said = f"{self.columns}{self.statements}".encode()
        return f"{_PREFIX}{self.table}_{self.event.lower()}_{crc32(said):08x}"


def install_triggers(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Make the triggers that are missing; receiver of `post_migrate`.

    Where one was, figures may have changed unnoticed: nothing is kept any more.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        wanted = {trigger.name: trigger for trigger in _triggers(connection)}
        tables = {trigger.table for trigger in wanted.values()} | {_DUE, "reporting_tallystate"}
        if not tables <= there or _found(connection) == set(wanted):
            return
        _drop(connection)
        for trigger in wanted.values():
            for statement in _made(connection, trigger):
                cursor.execute(statement)
        cursor.execute("DELETE FROM reporting_tallystate")


def drop_triggers(sender: AppConfig, using: str, plan: Any = (), **kwargs: Any) -> None:
    """Take the triggers away while tables change; receiver of `pre_migrate`."""
    if plan:
        _drop(connections[using])


def sources() -> list[TallySource]:
    """Return every table that decides kept figures, once."""
    found = {source.key: source for source in _OWN}
    for column in report_columns:
        found |= {source.key: source for source in column.sources or ()}
    return list(found.values())


def _triggers(connection: BaseDatabaseWrapper) -> Iterator[_Trigger]:
    for source in sources():
        for event, sides in _EVENTS.items():
            statements = [_mark(connection, source, event, side) for side in sides]
            if source.table in _PLACED:
                statements += [_mark_unit(connection, source, event, side) for side in sides]
            yield _Trigger(source.table, event, source.columns, tuple(statements))
    for event, sides in _EVENTS.items():
        marked = [
            f"INSERT INTO {_DUE} (programme_id) "
            f"{_values(connection, _REQUIREMENTS, 'programme_id', _ASKED, event, side)}"
            for side in sides
        ]
        yield _Trigger(_REQUIREMENTS, event, _ASKED, tuple(marked))


_EVENTS: Final = {"INSERT": ("new",), "UPDATE": ("old", "new"), "DELETE": ("old",)}


def _mark(connection: BaseDatabaseWrapper, source: TallySource, event: str, side: str) -> str:
    """Return what notes the units of all posts and enrolments of the people concerned."""
    people = _values(connection, source.table, source.column, source.columns, event, side)
    if source.people:
        people = source.people.format(people)
    return (
        f"INSERT INTO {_DUE} (unit_id) "  # noqa: S608 - names from our own tables
        f"SELECT unit_id FROM accounts_posting WHERE user_id IN ({people}) "
        f"UNION SELECT unit_id FROM courses_enrolment WHERE user_id IN ({people})"
    )


def _mark_unit(connection: BaseDatabaseWrapper, source: TallySource, event: str, side: str) -> str:
    """Return what notes the unit of the row itself, which the people may have left with it."""
    units = _values(connection, source.table, "unit_id", source.columns, event, side)
    return f"INSERT INTO {_DUE} (unit_id) {units}"


def _values(
    connection: BaseDatabaseWrapper,
    table: str,
    column: str,
    columns: tuple[str, ...],
    event: str,
    side: str,
) -> str:
    """Return the query of a column of the rows that changed.

    PostgreSQL asks once for all rows of a statement, SQLite for each row.
    """
    if connection.vendor == "sqlite":
        return f"SELECT {side}.{column}"
    query = f"SELECT DISTINCT {side}_rows.{column} FROM {side}_rows"  # noqa: S608
    if event != "UPDATE":
        return query
    other = "new" if side == "old" else "old"
    before = ", ".join(f"old_rows.{name}" for name in columns)
    after = ", ".join(f"new_rows.{name}" for name in columns)
    return (
        f"{query} JOIN {other}_rows ON new_rows.id = old_rows.id"
        f" WHERE ROW({before}) IS DISTINCT FROM ROW({after})"
    )


def _made(connection: BaseDatabaseWrapper, trigger: _Trigger) -> Iterator[str]:
    body = "; ".join(trigger.statements)
    if connection.vendor == "sqlite":
        event = trigger.event
        changed = ""
        if event == "UPDATE":
            event = f"UPDATE OF {', '.join(trigger.columns)}"
            changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in trigger.columns)
        when = f" WHEN {changed}" if changed else ""
        yield (
            f"CREATE TRIGGER {trigger.name} AFTER {event} ON {trigger.table}{when}"
            f" BEGIN {body}; END"
        )
        return
    rows = {"new": "NEW TABLE AS new_rows", "old": "OLD TABLE AS old_rows"}
    referenced = " ".join(rows[side] for side in _EVENTS[trigger.event])
    yield (
        f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {body}; RETURN NULL; END $$"
    )
    yield (
        f"CREATE TRIGGER {trigger.name} AFTER {trigger.event} ON {trigger.table}"
        f" REFERENCING {referenced} FOR EACH STATEMENT EXECUTE FUNCTION {trigger.name}()"
    )


def _found(connection: BaseDatabaseWrapper) -> set[str]:
    return {name for name, _table in _of_database(connection)}


def _of_database(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Return our triggers with their tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name GLOB %s",
                [f"{_PREFIX}*"],
            )
        else:
            cursor.execute(
                "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE starts_with(tgname, %s)",
                [_PREFIX],
            )
        return cursor.fetchall()


def _drop(connection: BaseDatabaseWrapper) -> None:
    on_table = connection.vendor != "sqlite"
    with connection.cursor() as cursor:
        for name, table in _of_database(connection):
            cursor.execute(f"DROP TRIGGER {name}{f' ON {table}' if on_table else ''}")
            if on_table:
                cursor.execute(f"DROP FUNCTION {name}()")
