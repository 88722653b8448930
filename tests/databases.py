"""The migrated database of the tests: made once, then copied for each process that needs one.

It takes ten seconds to migrate and none to copy. What is kept is named by a hash of all that
could change it, so an old one is never taken for a new one. Servers of PostgreSQL are thrown away:
a dump is kept for the next one. `python -m tests.databases` makes it beforehand.
"""

import fcntl
import gc
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

import django
from django.apps import apps
from django.conf import settings
from django.core.management.color import Style
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor

from tests.migrating import swaps_looked_up_once
from tests.services import postgres_tool
from tests.shared import ROWS

ROOT = Path(__file__).resolve().parents[1]
# Removed with the virtual environment.
KEPT = Path(sys.prefix) / "prepared-databases"
# Of other states of the code: whoever goes back to one finds it, and so do several work trees
# with one virtual environment.
MOST_KEPT = 30
APPS = ("lms", "courses", "attendance", "certificates", "fixtures")
_MIGRATE = """\
import django
from django.core.management import call_command
from django.db import connection
from tests.migrating import quick_migrations
django.setup()
if connection.vendor == "sqlite":
    # Whatever breaks off is made anew: no step waits for the disk.
    connection.cursor().execute("PRAGMA synchronous = OFF")
    connection.cursor().execute("PRAGMA journal_mode = MEMORY")
with quick_migrations():
    call_command("migrate", run_syncdb=True, verbosity=0)
"""
# All that a migration is made of: whole folders, and the modules that migrations import.
READ_BY_MIGRATIONS = (
    *("migrations/", "models/", "models.py", "enums.py", "apps.py"),
    *(
        "lms/core/fields.py",
        "lms/core/constraints.py",
        "lms/core/text.py",
        "lms/core/sent_papers.py",
        # Tables and triggers that are made after the migrations.
        "lms/reporting/extensions.py",
        "lms/reporting/tally_models.py",
        "lms/reporting/triggers.py",
    ),
)


@cache
def code_hash() -> str:
    """Return a short hash of what migrations read, of the locked packages, of Python."""
    found = hashlib.sha256(sys.version.encode() + (ROOT / "uv.lock").read_bytes())
    found.update(Path(__file__).with_name("migrating.py").read_bytes())
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if any(f"/{part}" in f"/{name}" for part in READ_BY_MIGRATIONS):
                found.update(f"{name}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def migrated_file() -> Path:
    """Return a SQLite file with every migration and nothing else, to be copied, not written to."""
    path = KEPT / f"{code_hash()}.sqlite3"
    KEPT.mkdir(exist_ok=True)
    with (KEPT / f"{code_hash()}.lock").open("w") as lock:
        # Several processes begin at once: one makes it, the others wait.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            unfinished.unlink(missing_ok=True)
            _migrate(f"sqlite:///{unfinished}")
            unfinished.rename(path)
            _remove_unused(".sqlite3")
        path.touch()
    return path


def _remove_unused(suffix: str) -> None:
    """Keep those that were used last, which is when they were touched."""
    unused_last = sorted(KEPT.glob(f"*{suffix}"), key=lambda kept: -kept.stat().st_mtime)
    for unused in unused_last[MOST_KEPT:]:
        unused.unlink(missing_ok=True)


@contextmanager
def test_database() -> Iterator[None]:
    """Point Django's connection to a fresh copy of the migrated database."""
    before = settings.DATABASES["default"]["NAME"]
    process = os.environ.get("PYTEST_XDIST_WORKER", f"{os.getpid()}")
    copied = _copied_in_postgres if connection.vendor == "postgresql" else _copied_in_memory
    with copied(f"test_{process}"):
        with _emptied_quickly():
            yield
        connection.close()
        _name(before)


@contextmanager
def _emptied_quickly() -> Iterator[None]:
    """Put back what the migrated database tells of its models when a test without a transaction has
    emptied it.

    Django would work it out anew, model by model, for most of the time that such a test takes to end.
    """
    # Whoever only asks for the file has no apps.
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType

    types, permissions = list(ContentType.objects.all()), list(Permission.objects.all())

    def put_back(*_args: object, **_options: object) -> None:
        ContentType.objects.clear_cache()
        ContentType.objects.bulk_create(types)
        Permission.objects.bulk_create(permissions)

    with patch("django.core.management.commands.flush.emit_post_migrate_signal", put_back):
        yield


@contextmanager
def _copied_in_memory(name: str) -> Iterator[None]:
    path = migrated_file()
    _name(f"file:{name}?mode=memory&cache=shared")
    connection.ensure_connection()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as migrated:
        migrated.backup(connection.connection)
    yield


@contextmanager
def _copied_in_postgres(name: str) -> Iterator[None]:
    with postgres_copy(name), patch.object(connection.ops, "sql_flush", _delete_all):
        _name(name)
        yield


def _delete_all(_style: Style, tables: Iterable[str], **_options: bool) -> list[str]:
    """Return what empties these tables of our own server after a test without a transaction.

    TRUNCATE, Django's way, makes a thousand files anew, whatever was in them.
    """
    told = (f"SELECT '{one}' WHERE EXISTS (SELECT FROM \"{one}\")" for one in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(told))
        filled = [name for (name,) in cursor.fetchall()]
    # Neither triggers nor the order of foreign keys matter where everything goes.
    rows = (f'DELETE FROM "{name}"' for name in filled)  # noqa: S608
    return ["SET LOCAL session_replication_role = replica", *rows]


@contextmanager
def postgres_copy(name: str) -> Iterator[None]:
    """Make a database of this name on the server of the tests, migrated; drop it afterwards."""
    with _server() as cursor:
        template = _template(cursor)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def own_database(folder: Path, *, migrated: bool = True) -> Iterator[str]:
    """Point Django's connection to a database that may be thrown away; give its URL."""
    ROWS.take_back()
    before = settings.DATABASES["default"]["NAME"]
    name = f"own_{uuid.uuid4().hex}"
    # Django never closes one to a database in memory, which would be gone with it: kept, not used.
    kept, connection.connection = connection.connection, None
    try:
        if connection.vendor == "postgresql":
            with postgres_copy(name) if migrated else _empty_in_postgres(name):
                _name(name)
                yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
                connection.close()
        else:
            path = folder / "db.sqlite3"
            if migrated:
                shutil.copy(migrated_file(), path)
            _name(str(path))
            yield f"sqlite:///{path}"
    finally:
        _name(before)
        connection.connection = kept


@contextmanager
def _empty_in_postgres(name: str) -> Iterator[None]:
    with _server() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _template(cursor: CursorWrapper) -> str:
    """Return the name of the migrated database on this server; make it when there is none."""
    name = f"migrated_{code_hash()}"
    unfinished = f"unfinished_{code_hash()}"
    # Held by this connection: the other processes wait here.
    cursor.execute(f"SELECT pg_advisory_lock({int(code_hash(), 16) >> 1})")
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    if not cursor.fetchone():
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{unfinished}").geturl()
        for fill in (_restore, _migrate_and_dump):
            cursor.execute(f'DROP DATABASE IF EXISTS "{unfinished}"')
            cursor.execute(f'CREATE DATABASE "{unfinished}"')
            if fill(url):
                break
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def _restore(url: str) -> bool:
    """Fill an empty database from what another server had; tell whether there was such a dump."""
    dump = _dump_file()
    if not dump.exists():
        return False
    dump.touch()
    return _run_tool("pg_restore", "--exit-on-error", "-d", url, dump)


def _migrate_and_dump(url: str) -> bool:
    _migrate(url)
    KEPT.mkdir(exist_ok=True)
    unfinished = _dump_file().with_suffix(f".{os.getpid()}")
    # A server of another version is migrated each time: the wheel's tools need not know it.
    if _run_tool("pg_dump", "-Fc", "-Z0", "--no-sync", "-f", unfinished, url):
        unfinished.rename(_dump_file())
        _remove_unused(".dump")
    unfinished.unlink(missing_ok=True)
    return True


def _dump_file() -> Path:
    return KEPT / f"{code_hash()}.dump"


def _run_tool(name: str, *arguments: str | Path) -> bool:
    tool = postgres_tool(name)
    return subprocess.run([tool, *arguments], capture_output=True, check=False).returncode == 0


@contextmanager
def _server() -> Iterator[CursorWrapper]:
    with connection._nodb_cursor() as cursor:
        yield cursor


def _migrate(url: str) -> None:
    """Migrate in a process of its own: this one keeps its connection and its state."""
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "lms.settings.test"}
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _MIGRATE], cwd=ROOT, env=environment, check=True
    )


def _name(name: str) -> None:
    from django.contrib.contenttypes.models import ContentType

    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    # Another database may know the models by other numbers, as one does that was emptied.
    ContentType.objects.clear_cache()


def migrate(*targets: tuple[str, str]) -> None:
    """Migrate the database of the tests back or forth; to the newest state without targets."""
    # Django's command sends signals for it. Imported late: there may be no Django yet.
    from lms.reporting.triggers import drop_triggers, install_triggers

    reporting = apps.get_app_config("reporting")
    drop_triggers(reporting, using="default", plan=True)
    # A quarter of the time would go to looking for garbage among the models of each state.
    gc.disable()
    try:
        executor = MigrationExecutor(connection)
        with swaps_looked_up_once():
            executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())
    finally:
        gc.enable()
    install_triggers(reporting, using="default")


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings.test"
    django.setup()
    if connection.vendor == "postgresql":
        with _server() as cursor:
            _template(cursor)
    else:
        migrated_file()


if __name__ == "__main__":
    main()
