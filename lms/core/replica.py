"""Reading from a copy of the database that may be some seconds old, where that does no harm.

Installed where DATABASE_REPLICA_URL names such a copy. Only what says so reads from it: the
reports. Whatever follows a write of the same request is read from the database itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

DEFAULT: Final = "default"
REPLICA: Final = "replica"
_reads_from: ContextVar[str] = ContextVar("reads_from", default=DEFAULT)


@contextmanager
def replica_reads() -> Iterator[None]:
    """Read from the replica inside, if there is one, until something is written; decorates views.

    Rows are read when they are asked for: what is streamed afterwards comes from the database itself.
    """
    token = _reads_from.set(REPLICA)
    try:
        yield
    finally:
        _reads_from.reset(token)


class ReplicaRouter:
    """Tells Django where to read and to write; a row that came from the replica is written back
    to the database itself.
    """

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return _reads_from.get()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        _reads_from.set(DEFAULT)
        return DEFAULT

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT
