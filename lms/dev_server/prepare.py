"""Tell what has to be done before the first process starts."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def require_free_port(host: str, port: int) -> None:
    """Refuse a port that is taken: the web server would share it without a word."""
    if port not in range(1, 65536):
        raise CommandError(f"PORT is a number from 1 to 65535, not {port}.")
    try:
        # Connections of the last run that are still closing do not count.
        socket.create_server((host, port)).close()
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        reason = "is taken by another program" if taken else f"cannot be used ({error})"
        another = f"Choose another one: make run PORT={port + 1}"
        raise CommandError(f"Port {port} {reason}. {another}") from error


@contextmanager
def hold_port(host: str, port: int) -> Iterator[None]:
    """Keep the port from other suites from here on; the web server takes it as one that is shared.

    Until it does, a second or two later, nobody listens there, and two suites could both look.
    """
    require_free_port(host, port)
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind((host, port))
        yield


def missing_steps() -> Iterator[tuple[str, ...]]:
    """Yield a sentence and a management command for each step; asking on says that it is done."""
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield f"Preparing the database ({len(plan)} migrations) …", "migrate", "--no-input"
    is_new_trial = settings.SUITE_DEMO and not get_user_model().objects.exists()
    stamp = Path(settings.STATIC_ROOT) / ".sources"
    files = [found for finder in get_finders() for found in finder.list([])]
    stats = [(path, Path(storage.path(path)).stat()) for path, storage in files]
    sources = "\n".join(f"{path} {stat.st_size} {stat.st_mtime_ns}" for path, stat in stats)
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != sources:
        yield "Gathering and compressing the static files …", "collectstatic", "--no-input", "-c"
        stamp.write_text(sources, encoding="utf-8")
    if is_new_trial:
        yield "Loading the demo data (made-up people) …", "load_demo"
    if plan or is_new_trial:
        # Else the first tick does it, and nobody else can write to SQLite meanwhile.
        yield "Counting who has completed what …", "rebuild_tally"
