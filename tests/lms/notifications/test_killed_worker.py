"""A real worker killed with -9 in the middle of sending, and what the next one does."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from celery import Celery

from tests.lms.notifications.smtp_sink import Sink, running_sink

PROJECT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 120
PEOPLE = 5
# A class that ends tomorrow: the reminder of its unread lessons is due.
SEED = f"""
from datetime import timedelta
from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.factories.courses import EnrolmentFactory, ask, make_course, make_run
from tests.factories.geography import make_map, unit

make_map()
today = timezone.localdate()
run = make_run(make_course(), unit("350"), starts_on=today, ends_on=today + timedelta(days=1))
ask(run, lessons={{"percent": 100}})
for number in range({PEOPLE}):
    user = UserFactory(email=f"nguoi-{{number}}@example.vn")
    EnrolmentFactory(run=run, unit=unit("13384"), user=user)
"""
EVERYBODY = [f"nguoi-{number}@example.vn" for number in range(PEOPLE)]

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(
        os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="the embedded suite is on SQLite, whatever the tests run on: once is enough",
    ),
]


class Suite:
    """The data folder of an installation, its worker, and the queue that beat would fill."""

    def __init__(self, folder: Path, mail_port: int) -> None:
        self.folder = folder
        self.environment = {
            key: value
            for key, value in os.environ.items()
            if key not in {"DATABASE_URL", "CELERY_BROKER_URL"}
        } | {
            "DJANGO_SETTINGS_MODULE": "lms.settings.dev",
            "SUITE_DATA_DIR": str(folder),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        }
        queue = str(folder / "broker" / "queue")
        self.beat = Celery("beat", broker="filesystem://localhost//", set_as_current=False)
        self.beat.conf.broker_transport = "lms.core.broker:Transport"
        self.beat.conf.broker_transport_options = {
            "data_folder_in": queue,
            "data_folder_out": queue,
            "control_folder": str(folder / "broker" / "control"),
        }

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(
            command, cwd=PROJECT, env=self.environment, check=True, stdout=subprocess.DEVNULL
        )

    def tick(self) -> None:
        self.beat.send_task("notifications.plan_reminders")
        self.beat.send_task("notifications.send_due_reminders")

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """A worker with two processes, killed with -9 at the end of the block."""
        command = [sys.executable, "-m", "celery", "-A", "lms", "worker", "--concurrency=2"]
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            # Its children as well: they are its process group.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, (self.folder / "worker.log").read_text()
            time.sleep(0.05)

    def states(self) -> list[str]:
        return [state for (state,) in self.sql("select state from notifications_reminder")]

    def let_three_minutes_pass(self) -> None:
        self.sql(
            "update notifications_reminder"
            " set state_since = strftime('%Y-%m-%d %H:%M:%f', state_since, '-3 minutes')"
        )

    def sql(self, statement: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as database:
            rows = database.execute(statement).fetchall()
            database.commit()
            return rows


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """A data folder with a database in which everybody's reminder is due."""
    suite = Suite(tmp_path_factory.mktemp("prepared"), mail_port=0)
    suite.manage("migrate", "--verbosity=0")
    suite.manage("shell", "--verbosity=0", "-c", SEED)
    return suite.folder


@pytest.fixture
def mail_server() -> Iterator[Sink]:
    with running_sink() as sink:
        yield sink


@pytest.fixture
def suite(prepared, tmp_path, mail_server) -> Suite:
    shutil.copytree(prepared, tmp_path / "data")
    return Suite(tmp_path / "data", mail_server.port)


def finish(suite: Suite) -> None:
    """Two minutes later a new worker is there, and beat ticks as before."""
    suite.let_three_minutes_pass()
    with suite.worker():
        for _ in range(3):
            suite.tick()
        suite.wait_for(lambda: set(suite.states()) <= {"sent", "uncertain"})
        suite.tick()
        suite.wait_for(lambda: not list((suite.folder / "broker" / "queue").iterdir()))


def test_worker_killed_before_the_hand_over_sends_each_reminder_once(suite, mail_server):
    mail_server.hold.add("greeting")
    for _ in range(3):
        suite.tick()

    with suite.worker():
        suite.wait_for(mail_server.holding.is_set)
    assert set(suite.states()) == {"claimed"}
    mail_server.hold.clear()
    finish(suite)

    assert suite.states() == ["sent"] * PEOPLE
    assert sorted(mail_server.recipients) == EVERYBODY


def test_worker_killed_in_the_hand_over_leaves_one_in_doubt_and_sends_it_no_more(
    suite, mail_server
):
    mail_server.hold.add("nguoi-2@example.vn")
    for _ in range(3):
        suite.tick()

    with suite.worker():
        suite.wait_for(mail_server.holding.is_set)
    assert suite.states().count("handing_over") == 1
    mail_server.hold.clear()
    finish(suite)

    assert sorted(suite.states()) == ["sent"] * (PEOPLE - 1) + ["uncertain"]
    assert sorted(mail_server.recipients) == EVERYBODY
    outcomes = suite.sql("select outcome from notifications_deliveryattempt order by outcome")
    assert outcomes == [("accepted",)] * (PEOPLE - 1) + [("unknown",)]
