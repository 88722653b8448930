"""A real PgBouncer before the PostgreSQL of the tests, which gives out connections by the transaction."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.services import START_SECONDS, free_port

# With the tools of the administrator, where not everybody's path leads.
PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SETTINGS = """
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
# Fewer than whoever asks, so that two transactions of one client meet different servers.
default_pool_size = 2
max_client_conn = 100
"""


@contextmanager
def pooler_port(folder: Path, database_url: str) -> Iterator[int]:
    """The port of a PgBouncer with two connections to that server, for as long as the block lasts."""
    server, own_port = urlsplit(database_url), free_port()
    file = folder / "pgbouncer.ini"
    text = SETTINGS.format(
        host=server.hostname, port=server.port, user=server.username, own_port=own_port
    )
    file.write_text(text, encoding="ascii")
    command = [PGBOUNCER, "--quiet", file]
    if os.geteuid() == 0:
        # It refuses to run as root.
        command[1:1] = ["--user=nobody"]
        for path in (folder, *folder.parents):
            if path.stat().st_uid == 0 and str(path).startswith("/tmp/"):  # noqa: S108
                path.chmod(0o755)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(process, own_port, server.username)
            yield own_port
        finally:
            process.terminate()


def _wait_for(process: subprocess.Popen[bytes], port: int, user: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=user, dbname="postgres").close()
        except psycopg.OperationalError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return
