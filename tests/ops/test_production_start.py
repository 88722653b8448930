"""The commands of docker-compose.yml, run without containers on a real PostgreSQL and Valkey."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from pytest_django import DjangoDbBlocker

from lms.ops.keys import new_key
from tests.databases import postgres_copy
from tests.ops.backups import postgres_programs
from tests.ops.compose import WORKERS, command_of, services
from tests.ops.test_compose import PRODUCTION, PROJECT
from tests.running import until
from tests.services import free_port, valkey_url

SECONDS = 120

pytestmark = [
    pytest.mark.process,
    pytest.mark.postgres,
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="production is on PostgreSQL: once is enough, in the run on PostgreSQL",
    ),
]


@pytest.fixture
def database_url(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of its own, migrated: how long that takes from nothing is shown elsewhere."""
    name = f"ops_{uuid.uuid4().hex}"
    with django_db_blocker.unblock(), postgres_copy(name):
        yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


class Machine:
    """Runs the services of the compose file as processes of this machine."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
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
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.processes[service]

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text(encoding="utf-8")

    def wait_until_healthy(self, service: str) -> None:
        kind, *check = services()[service]["healthcheck"]["test"]
        assert kind == "CMD"
        command = [self.localise(word) for word in check]
        deadline = time.monotonic() + SECONDS
        while subprocess.run(
            command, env=self.environment, stderr=subprocess.DEVNULL, check=False
        ).returncode:
            assert self.processes[service].poll() is None, self.log(service)
            assert time.monotonic() < deadline, f"{shlex.join(command)}\n{self.log(service)}"
            time.sleep(0.2)

    def read(self, port: str, path: str) -> str:
        url = f"http://127.0.0.1:{self.ports[port]}{path}"
        host = {"Host": PRODUCTION["ALLOWED_HOSTS"].split(",")[0]}
        with urllib.request.urlopen(urllib.request.Request(url, headers=host), timeout=10) as page:
            return page.read().decode()

    def stop(self, service: str) -> int:
        """As Docker does: SIGTERM to the first process only, then patience."""
        self.processes[service].terminate()
        return self.processes[service].wait(30)


@pytest.fixture
def machine(tmp_path: Path, database_url: str) -> Iterator[Machine]:
    (tmp_path / "run").mkdir()
    with valkey_url() as broker:
        machine = Machine(
            tmp_path,
            {
                **PRODUCTION,
                "PATH": f"{Path(sys.executable).parent}:{postgres_programs()}",
                "SUITE_BACKUP_KEY": new_key(),
                "SUITE_BACKUP_DIR": str(tmp_path / "backups"),
                "DATABASE_URL": database_url,
                # Another database than that of the tests beside this one.
                "CELERY_BROKER_URL": broker.rpartition("/")[0] + "/9",
                "CACHE_URL": broker.rpartition("/")[0] + "/10",
                "SUITE_DATA_DIR": str(tmp_path / "data"),
                "SUITE_RUN_DIR": str(tmp_path / "run"),
                "SUITE_METRICS_DIR": str(tmp_path / "metrics"),
                "GRANIAN_WORKERS": "2",
            },
        )
        yield machine
        for process in machine.processes.values():
            process.kill()
            process.wait()


def test_services_become_healthy_and_stop_when_told(machine):
    assert machine.start("migrate").wait(SECONDS) == 0, machine.log("migrate")
    running = ("web", *WORKERS, "beat", "metrics")
    for service in (*running, "backup"):
        machine.start(service)
    for service in running:
        machine.wait_until_healthy(service)
    until(
        lambda: "verified in a scratch database" in machine.log("backup"),
        seconds=SECONDS,
        what="a backup is made and verified",
    )

    assert_figures_are_those_of_all_processes(machine)
    # It stays for the next night.
    assert machine.processes["backup"].poll() is None
    codes = [machine.stop(service) for service in reversed(running)]

    assert codes == [0] * len(running)
    # What may be written besides media and papers; everything else is read-only in a container.
    assert {path.stem for path in (machine.folder / "run").iterdir()} == {"celerybeat-schedule"}
    assert_logs_are_told_apart(machine)


def assert_figures_are_those_of_all_processes(machine):
    """Each of the two web processes answers some of the questions; one page counts them all."""
    for _ in range(20):
        machine.read("8000", "/health/live/")
    counted = re.findall(
        r'^suite_requests_total\{status="200",view="health_live"\} (.+)$',
        machine.read("9100", "/metrics/requests"),
        re.MULTILINE,
    )

    assert [float(one) for one in counted] == [20]
    assert len(list((machine.folder / "metrics").glob("*/counter_*.db"))) > 1
    suite = machine.read("9100", "/metrics/suite")
    assert "suite_database_up 1.0" in suite
    assert "suite_broker_up 1.0" in suite
    assert 'suite_heartbeat_age_seconds{part="beat"}' in suite
    assert 'suite_queue_length{queue="urgent"}' in suite
    assert re.search(r"^suite_backup_age_seconds \d", suite, re.MULTILINE)


def assert_logs_are_told_apart(machine):
    access = [json.loads(line) for line in machine.log("web").splitlines() if "/health/" in line]
    assert {"time", "level", "logger", "message", "request_id"} <= set(access[0])
    failed = [json.loads(line) for line in machine.log("web").splitlines() if "Unavailable" in line]
    assert all(len(line["request_id"]) == 32 for line in failed)
    [tick, *_] = [
        json.loads(line) for line in machine.log("worker").splitlines() if "task_id" in line
    ]
    assert len(tick["task_id"]) == 36
