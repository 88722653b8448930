"""The production web server on a loopback port, with the suite or with a floor."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.services import free_port

SUITE = "lms.wsgi:application"
BARE = "tests.benchmarks.bare:application"
# In both of them.
EMPTY_VIEW = "/bench/empty/"
START_SECONDS = 60
PROBES = 8


@dataclass(frozen=True)
class Server:
    """A web server with its workers, which are one process group."""

    site: str
    group: int

    def kill(self) -> None:
        """Kill all of its processes at once, as a lost machine would."""
        os.killpg(self.group, signal.SIGKILL)

    def processor_seconds(self) -> float:
        """Return what all of its processes have spent: waiting, on whatever, costs nothing."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(FileNotFoundError, ProcessLookupError):
                # The name in front may hold spaces and brackets.
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[2]) == self.group:
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def web_server(application: str) -> Iterator[str]:
    """Start granian as on a server; give its address, end it afterwards."""
    with started_server(application) as server:
        yield server.site


@contextmanager
def started_server(application: str) -> Iterator[Server]:
    """Do the same; give the server itself."""
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(os.cpu_count() or 1)]
    command += ["--blocking-threads", "2", "--log-level", "error", application]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait_for(site + EMPTY_VIEW)
        yield Server(site, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_until_idle(site: str) -> None:
    """Let the server finish what the last load had asked for and did not wait for.

    The kernel deals new connections out: so many come to each worker, and wait their turn.
    """
    for _ in range(PROBES):
        urllib.request.urlopen(site + EMPTY_VIEW, timeout=START_SECONDS).close()  # noqa: S310


def _wait_for(url: str) -> None:
    """Until it answers: the port is open long before the workers have imported the suite."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=START_SECONDS).close()  # noqa: S310
        except urllib.error.URLError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing answers at {url}")
