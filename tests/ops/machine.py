"""The services of the compose file without containers: as processes of this machine."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from tests.ops.compose import PROJECT, command_of, services
from tests.ops.test_compose import PRODUCTION
from tests.services import free_port

SECONDS = 120
HOST = {"Host": PRODUCTION["ALLOWED_HOSTS"].split(",")[0]}


class Machine:
    """Runs the services of the compose file as processes of this machine.

    `environment` is that of all of them, `of_its_own` adds to it for some.
    """

    def __init__(
        self, folder: Path, environment: dict[str, str], **of_its_own: dict[str, str]
    ) -> None:
        self.folder, self.of_its_own = folder, of_its_own
        self.ports = {port: str(free_port()) for port in ("8000", "9100")}
        self.environment = environment
        self.processes: dict[str, subprocess.Popen] = {}

    def command(self, service: str) -> list[str]:
        return [self.localise(word) for word in command_of(service)]

    def localise(self, word: str) -> str:
        """The defaults of compose filled in, and this machine's addresses and interpreter."""
        word = re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", word)
        here = {"0.0.0.0": "127.0.0.1", "python": sys.executable, **self.ports}  # noqa: S104
        word = here.get(word, word)
        return re.sub(
            r"http://(?:web|127\.0\.0\.1):(\d+)/",
            lambda found: f"http://127.0.0.1:{self.ports[found[1]]}/",
            word,
        )

    def start(self, service: str) -> subprocess.Popen:
        with (self.folder / f"{service}.log").open("wb") as log:
            self.processes[service] = subprocess.Popen(
                self.command(service),
                cwd=PROJECT,
                env=self.environment | self.of_its_own.get(service, {}),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.processes[service]

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text(encoding="utf-8")

    def wait_until_healthy(self, service: str) -> None:
        """The check of the compose file says so; what it asks is asked here until it answers well."""
        kind, *check = services()[service]["healthcheck"]["test"]
        assert kind == "CMD"
        command = [self.localise(word) for word in check]
        deadline = time.monotonic() + SECONDS
        while self.ask(command[-1]) is None:
            assert self.processes[service].poll() is None, self.log(service)
            assert time.monotonic() < deadline, f"{shlex.join(command)}\n{self.log(service)}"
            time.sleep(0.2)
        subprocess.run(command, env=self.environment, check=True)

    def ask(self, url: str) -> str | None:
        """The page, or nothing where it is not there or tells of a fault."""
        request = urllib.request.Request(url, headers=HOST)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=10) as page:  # noqa: S310
                return page.read().decode()
        except OSError:
            return None

    def address(self, port: str, path: str) -> str:
        return f"http://127.0.0.1:{self.ports[port]}{path}"

    def read(self, port: str, path: str) -> str:
        page = self.ask(self.address(port, path))
        assert page is not None, path
        return page

    def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        for process in self.processes.values():
            # The first process and what it has started; whoever has ended has no group any more.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self, service: str) -> int:
        """As Docker does: SIGTERM to the first process only, then patience."""
        self.processes[service].terminate()
        return self.processes[service].wait(30)
