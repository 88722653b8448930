"""PostgreSQL: `pg_dump` in the snapshot that the facts are read in, `pg_restore` into a new database."""

import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.db import DatabaseError, OperationalError, connections, transaction
from django.db.backends.postgresql.client import DatabaseClient
from django.db.backends.utils import CursorWrapper

from lms.core.refusal import Refusal
from lms.ops.engines.opening import opened

# Between the name of the live database and a random end; whatever is called so may be dropped.
_SCRATCH: Final = "_verify_"
_REPLACED: Final = "_replaced_"
# Databases that every server has, and where nobody loads a backup.
_OF_THE_SERVER: Final = ("postgres", "template1")
_TRIES: Final = 20
# Seconds: to reach the server; for a table that a migration holds; for all that one program does,
# more than a day's backup may take.
_CONNECT_SECONDS: Final = 30
_LOCK_SECONDS: Final = 60
_CLIENT_SECONDS: Final = 12 * 3600


class Postgres:
    vendor = "postgresql"

    def name(self) -> str:
        return str(connections["default"].settings_dict["NAME"])

    @contextmanager
    def snapshot(self, dump: Path) -> Iterator[str]:
        _require_server()
        with opened("snapshot") as connection, transaction.atomic(using="snapshot"):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SELECT pg_export_snapshot()")
                same = cursor.fetchone()[0]
                cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
            options = [f"--snapshot={same}", f"--lock-wait-timeout={_LOCK_SECONDS * 1000}"]
            _run("pg_dump", self.name(), "--format=custom", f"--file={dump}", *options)
            yield "snapshot"

    @contextmanager
    def scratch(self, dump: Path) -> Iterator[str]:
        _require_server()
        name = f"{self.name()}{_SCRATCH}{secrets.token_hex(4)}"
        self._drop_rests()
        with _server() as cursor:
            try:
                cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
            except DatabaseError as error:
                raise Refusal(
                    "no_scratch", f"No scratch database could be made ({str(error).strip()})."
                ) from error
        try:
            _run("pg_restore", name, "--exit-on-error", str(dump))
            with opened("scratch", name):
                yield "scratch"
        finally:
            with _server() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def replace_live(self, alias: str) -> None:
        live, scratch = self.name(), str(connections[alias].settings_dict["NAME"])
        replaced = f"{live}{_REPLACED}{secrets.token_hex(4)}"
        connections[alias].close()
        connections["default"].close()
        for _try in range(_TRIES):
            try:
                with _server() as cursor:
                    _end_sessions(cursor, live)
                    with transaction.atomic(using="server"):
                        cursor.execute(f'ALTER DATABASE "{live}" RENAME TO "{replaced}"')
                        cursor.execute(f'ALTER DATABASE "{scratch}" RENAME TO "{live}"')
                    cursor.execute(f'DROP DATABASE "{replaced}" WITH (FORCE)')
            except OperationalError:
                # Somebody logged in again between the two statements.
                time.sleep(0.1)
            else:
                return
        raise Refusal("locked", f"{live} is in use: stop the suite first.")

    def _drop_rests(self) -> None:
        """Drop what a killed run left; one that is in use is another run's."""
        with _server() as cursor:
            cursor.execute(
                "SELECT datname FROM pg_database WHERE (starts_with(datname, %s)"
                " OR starts_with(datname, %s)) AND NOT EXISTS"
                " (SELECT FROM pg_stat_activity WHERE pg_stat_activity.datname ="
                " pg_database.datname)",
                [self.name() + _SCRATCH, self.name() + _REPLACED],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _require_server() -> None:
    """Refuse to save and load through PgBouncer: a snapshot belongs to one connection."""
    if connections["default"].settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        raise Refusal(
            "pooler",
            "DATABASE_URL leads through a pooler: run this with the server's own address, and "
            "DATABASE_POOLER empty.",
        )


@contextmanager
def _server() -> Iterator[CursorWrapper]:
    """Give a cursor that stands in no database of the suite, which may be called as the server's own."""
    own = connections["default"].settings_dict["NAME"]
    with (
        opened("server", next(name for name in _OF_THE_SERVER if name != own)) as connection,
        connection.cursor() as cursor,
    ):
        yield cursor


def _end_sessions(cursor: CursorWrapper, database: str) -> None:
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database]
    )


def _run(program: str, database: str, *options: str) -> None:
    """Run a program of PostgreSQL's own client on a database of the suite's server."""
    described = {**connections["default"].settings_dict, "NAME": database}
    arguments, environment = DatabaseClient.settings_to_cmd_args_env(described, [])
    # As for psql, but for the program; `pg_restore` takes the database under a name alone.
    command = [program, *arguments[1:-1], f"--dbname={database}", "--no-owner", "--no-privileges"]
    try:
        done = subprocess.run(  # noqa: S603
            [*command, *options],
            env={**os.environ, "PGCONNECT_TIMEOUT": str(_CONNECT_SECONDS), **(environment or {})},
            capture_output=True,
            check=False,
            timeout=_CLIENT_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise Refusal(
            "client_slow", f"{program} did not end within {_CLIENT_SECONDS} seconds."
        ) from error
    except FileNotFoundError as error:
        raise Refusal(
            "no_client", f"{program} is missing: install the client of PostgreSQL's own version."
        ) from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Refusal("client_failed", f"{program}: {said[0] if said else done.returncode}.")
