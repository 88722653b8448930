"""SQLite: copied page by page through its backup API, which waits for no writer to end."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from django.db import connections

from lms.core.data_folder import hold_data_folder
from lms.core.refusal import Refusal
from lms.ops.engines.opening import opened

_PATIENCE_SECONDS: Final = 20


class Sqlite:
    vendor = "sqlite"

    def name(self) -> str:
        return self._live().name

    @contextmanager
    def snapshot(self, dump: Path) -> Iterator[str]:
        if not self._live().exists():
            raise Refusal("no_database", f"There is no database {self._live()}.")
        _copy(self._live(), dump)
        with closing(sqlite3.connect(dump)) as copied:
            # One file, whatever the live one is: a write-ahead log would be left behind.
            copied.execute("PRAGMA journal_mode=DELETE")
        with opened("snapshot", str(dump)):
            yield "snapshot"

    @contextmanager
    def scratch(self, dump: Path) -> Iterator[str]:
        with closing(sqlite3.connect(dump)) as loaded:
            try:
                said = loaded.execute("PRAGMA quick_check").fetchone()[0]
            except sqlite3.DatabaseError as error:
                said = str(error)
        if said != "ok":
            raise Refusal("damaged", f"The database in the backup is damaged: {said}.")
        with opened("scratch", str(dump)):
            yield "scratch"

    def replace_live(self, alias: str) -> None:
        dump = Path(str(connections[alias].settings_dict["NAME"]))
        connections[alias].close()
        connections["default"].close()
        # Its processes would go on with what they know of the old one.
        with hold_data_folder(self._live().parent):
            # One transaction of SQLite: killed half-way, the old database is there.
            _copy(dump, self._live())

    def _live(self) -> Path:
        return Path(str(connections["default"].settings_dict["NAME"]))


def _copy(source: Path, target: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS

    def give_up(status: int, _remaining: int, _total: int) -> None:
        # Python itself would ask a locked database again without end.
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} and time.monotonic() > deadline:
            raise Refusal("locked", f"{target.name} is in use: stop the suite first.")

    options: dict[str, Any] = {"timeout": 1}
    with (
        closing(sqlite3.connect(source, **options)) as taken,
        closing(sqlite3.connect(target, **options)) as written,
    ):
        taken.backup(written, progress=give_up, sleep=0.1)
