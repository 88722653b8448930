"""What must be true before the first child starts; each step does nothing when it is done."""

import errno
import fcntl
import hashlib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lms.core.supervision.supervisor import SuiteFailedError

DEMO_COMMAND: Final = "load_demo"
HIGHEST_PORT: Final = 65535


@contextmanager
def hold_data_folder(folder: Path) -> Iterator[None]:
    """Keep a second suite out of the folder; the kernel lets go of the lock when we die."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SuiteFailedError(
                f"The suite is running already on the data in {folder}.\n"
                "Stop it first, or choose another folder:"
                " make run PORT=8001 SUITE_DATA_DIR=/another/folder"
            ) from None
        yield


def require_free_port(host: str, port: int) -> None:
    """Refuse a port that is taken: the web server would share it without a word."""
    if not 0 < port <= HIGHEST_PORT:
        raise SuiteFailedError(f"PORT is a number from 1 to {HIGHEST_PORT}, not {port}.")
    with socket.socket() as probe:
        # Connections of the last run that are still closing do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = "is taken by another program" if taken else f"cannot be used ({error})"
            raise SuiteFailedError(
                f"Port {port} {reason}. Choose another one: make run PORT={port + 1}"
            ) from error


def migrate_if_needed(show: Callable[[str], None]) -> None:
    """Apply the migrations that the database lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        show(f"Preparing the database ({len(plan)} migrations) …")
        call_command("migrate", verbosity=0, interactive=False)


def collect_static_if_needed(show: Callable[[str], None]) -> None:
    """Gather, hash and compress the static files when one of their sources has changed."""
    stamp = Path(settings.STATIC_ROOT) / ".sources"
    digest = _static_sources_digest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    show("Gathering and compressing the static files …")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest, encoding="ascii")


def _static_sources_digest() -> str:
    """Path, size and time of every static source in one number."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def load_demo_if_empty(show: Callable[[str], None]) -> None:
    """Fill an empty database, that is one without people, with the demo data."""
    if not settings.SUITE_DEMO or DEMO_COMMAND not in get_commands():
        return
    if not get_user_model().objects.exists():
        show("Loading the demo data (made-up people) …")
        call_command(DEMO_COMMAND, verbosity=0)
