"""The commands of docker-compose.yml, run without containers on a real PostgreSQL and Valkey."""

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from lms.ops.keys import new_key
from tests.databases import own_database
from tests.factories.accounts import UserFactory
from tests.ops.backups import postgres_programs
from tests.ops.compose import WORKERS
from tests.ops.machine import HOST, SECONDS, Machine
from tests.ops.test_compose import PRODUCTION
from tests.running import until
from tests.valkey import Valkey

PASSWORD = "tap-huan-2014"
# What a person waits for at most; the shared machines of the tests are slow.
PROMPT_SECONDS = 10

pytestmark = [
    pytest.mark.process,
    pytest.mark.postgres,
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="production is on PostgreSQL: once is enough, in the run on PostgreSQL",
    ),
]


@pytest.fixture
def database_url(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker, django_test_environment: None
) -> Iterator[str]:
    """A migrated database of its own with one person: migrating from nothing is shown elsewhere."""
    with django_db_blocker.unblock(), own_database(tmp_path) as url:
        # As production stores it; the tests have a faster way.
        UserFactory(
            staff_code="HN00042", password=PBKDF2PasswordHasher().encode(PASSWORD, "s" * 22)
        )
        yield url


@pytest.fixture
def valkeys() -> Iterator[dict[str, Valkey]]:
    """Two servers, as in the compose file."""
    both = {"cache": Valkey(), "broker": Valkey()}
    yield both
    for one in both.values():
        one.end()


@pytest.fixture
def machine(tmp_path: Path, database_url: str, valkeys: dict[str, Valkey]) -> Iterator[Machine]:
    (tmp_path / "run").mkdir()
    machine = Machine(
        tmp_path,
        {
            **PRODUCTION,
            "PATH": f"{Path(sys.executable).parent}:{postgres_programs()}",
            "SUITE_BACKUP_KEY": new_key(),
            "SUITE_BACKUP_DIR": str(tmp_path / "backups"),
            "DATABASE_URL": database_url,
            "CELERY_BROKER_URL": valkeys["broker"].url,
            "CACHE_URL": valkeys["cache"].url,
            "SUITE_DATA_DIR": str(tmp_path / "data"),
            "SUITE_RUN_DIR": str(tmp_path / "run"),
            "SUITE_METRICS_DIR": str(tmp_path / "metrics"),
            "GRANIAN_WORKERS": "2",
        },
        # Pages without gathered style sheets, cookies without TLS.
        web={
            "DJANGO_SETTINGS_MODULE": "tests.ops.proxied_settings",
            "SECURE_SSL_REDIRECT": "false",
        },
        # What one of them has checked is so for the others: the checks take as long as the start.
        **{worker: {"CELERY_SKIP_CHECKS": "1"} for worker in WORKERS if worker != "worker-urgent"},
    )
    yield machine
    machine.end()


def test_services_become_healthy_go_on_without_valkey_and_stop_when_told(machine, valkeys):
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
    assert_people_and_workers_go_on_without_valkey(machine, valkeys)
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


def assert_people_and_workers_go_on_without_valkey(machine, valkeys):
    """Both servers killed, then both hung; each time they come back."""
    before = Person(machine)
    assert before.log_in(PASSWORD) == 302
    for how in ("killed", "hung"):
        for valkey in valkeys.values():
            valkey.go(how)
        for _time in range(3):
            assert before.status("courses:my_work") == 200
            assert before.status("certificates:verify", "0000-0000-0000") == 404
            assert readiness(machine) == {"status": "degraded", "without": ["cache", "broker"]}
        assert Person(machine).log_in("sai-mat-khau") == 200
        assert Person(machine).log_in(PASSWORD) == 302
        assert Person(machine).ask_for_code() == reverse("account_login")

        for valkey in valkeys.values():
            valkey.come_back(how)
        until(
            lambda: all(readiness(machine) == {"status": "ok"} for _time in range(6)),
            seconds=60,
            what=f"the Valkeys that were {how} are used again",
        )
        codes = machine.log("worker-urgent").count(CODE_SENT)
        # A process that has just missed the broker does not ask it again for a while.
        until(
            lambda: Person(machine).ask_for_code() == reverse("account_confirm_login_code"),
            seconds=30,
            every=1,
            what="a code is sent again",
        )
        until(
            lambda sent=codes: machine.log("worker-urgent").count(CODE_SENT) > sent,
            seconds=60,
            what=f"the worker works after its queue was {how}",
        )


CODE_SENT = "Task accounts.send_login_code"


def readiness(machine):
    return json.loads(promptly(lambda: machine.read("8000", "/health/ready/")))


def promptly(ask: Callable[[], object]) -> object:
    """What `ask` answers; within the time that a person waits."""
    begun = time.monotonic()
    answer = ask()
    assert time.monotonic() - begun < PROMPT_SECONDS
    return answer


class Person:
    """A browser of its own, for which a code that was asked for is not asked for again."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.browser = requests.Session()
        self.browser.headers.update(HOST)

    def status(self, name: str, *arguments: str) -> int:
        return self._ask("GET", reverse(name, args=arguments)).status_code

    def log_in(self, password: str) -> int:
        fields = {"login": "HN00042", "password": password}
        return self._send(reverse("account_login"), fields).status_code

    def ask_for_code(self) -> str:
        """Where one is led after it."""
        answer = self._send(reverse("account_request_login_code"), {"phone": "HN00042"})
        return answer.headers["Location"]

    def _send(self, path: str, fields: dict[str, str]) -> requests.Response:
        shown = self._ask("GET", path).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)[1]
        return self._ask("POST", path, data={**fields, "csrfmiddlewaretoken": token})

    def _ask(self, method: str, path: str, **sent: object) -> requests.Response:
        url = self.machine.address("8000", path)
        return promptly(
            lambda: self.browser.request(method, url, timeout=30, allow_redirects=False, **sent)
        )


def assert_logs_are_told_apart(machine):
    access = [json.loads(line) for line in machine.log("web").splitlines() if "/health/" in line]
    assert {"time", "level", "logger", "message", "request_id"} <= set(access[0])
    failed = [json.loads(line) for line in machine.log("web").splitlines() if "Unavailable" in line]
    assert all(len(line["request_id"]) == 32 for line in failed)
    [tick, *_] = [
        json.loads(line) for line in machine.log("worker").splitlines() if "task_id" in line
    ]
    assert len(tick["task_id"]) == 36
