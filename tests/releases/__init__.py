"""The last release: a database of it with a row of everything, as `tests.tools.release_database` made it."""

import gzip
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from sqlite3 import connect
from tempfile import TemporaryDirectory

from django.db import connection

from tests.databases import own_database
from tests.ops.backups import postgres_programs

VERSION = "0.1.0"
FOLDER = Path(__file__).parent


@contextmanager
def released_database(folder: Path) -> Iterator[None]:
    """Point Django's connection to a database as the last release left it."""
    with own_database(folder, migrated=False) as url:
        if connection.vendor == "sqlite":
            _unpack(folder / "db.sqlite3")
        else:
            command = ["pg_restore", f"--dbname={url}", "--no-owner", "--exit-on-error"]
            environment = {**os.environ, "PATH": postgres_programs()}
            dump = FOLDER / f"{VERSION}.dump"
            subprocess.run([*command, dump], env=environment, check=True)
        yield


@cache
def released_migrations() -> set[tuple[str, str]]:
    """Return app and name of each migration that the last release has."""
    with TemporaryDirectory() as folder:
        _unpack(Path(folder) / "release.sqlite3")
        database = connect(Path(folder) / "release.sqlite3")
        try:
            return set(database.execute("SELECT app, name FROM django_migrations"))
        finally:
            database.close()


def _unpack(path: Path) -> None:
    with gzip.open(FOLDER / f"{VERSION}.sqlite3.gz") as packed, path.open("wb") as file:
        shutil.copyfileobj(packed, file)
