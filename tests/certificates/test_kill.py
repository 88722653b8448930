"""Killed with -9 in the middle of its work, a worker loses nothing and issues nothing twice."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from lms.settings.base import CELERY_BEAT_SCHEDULE

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 200
PATIENCE_SECONDS = 240
SWEEP = "certificates.issue_outstanding"


class Suite:
    """The embedded default in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}
        } | {"DJANGO_SETTINGS_MODULE": "lms.settings.dev", "SUITE_DATA_DIR": str(folder)}

    def run(self, *arguments):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sweep(self):
        """What beat does every minute."""
        self.run("-m", "celery", "-A", "lms", "call", SWEEP)

    @contextmanager
    def worker(self):
        command = ["-m", "celery", "-A", "lms", "worker", "--concurrency=2", "--loglevel=ERROR"]
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            kill(process)

    def read(self, query):
        address = f"file:{self.folder / 'db.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=20)) as database:
            return database.execute(query).fetchall()

    def issued(self):
        return self.read("SELECT COUNT(*) FROM certificates_certificate")[0][0]

    def rendered(self):
        return self.read("SELECT COUNT(*) FROM certificates_certificate WHERE file != ''")[0][0]

    def wait_until(self, count, reaches):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while count() < reaches:
            log = (self.folder / "worker.log").read_text()
            assert time.monotonic() < deadline, f"{count()} of {reaches}\n{log}"
            time.sleep(0.01)

    def lose_messages(self):
        for message in (self.folder / "broker" / "queue").iterdir():
            message.unlink()


def kill(process):
    """Worker and pool at once, as a power cut does."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def suite(tmp_path):
    suite = Suite(tmp_path)
    suite.run("-m", "tests.certificates.killing", "prepare", str(PEOPLE))
    return suite


@pytest.mark.process
def test_killed_worker_issues_every_certificate_once(suite):
    suite.run("-m", "tests.certificates.killing", "complete")
    with suite.worker() as worker:
        suite.wait_until(suite.issued, 30)
        kill(worker)
    issued = suite.issued()
    assert 30 <= issued < PEOPLE
    # The messages that the worker held are gone already; now the broker loses the rest.
    suite.lose_messages()

    with suite.worker() as worker:
        suite.sweep()
        suite.wait_until(suite.issued, issued + 30)
        kill(worker)
    assert suite.issued() < PEOPLE

    with suite.worker():
        suite.sweep()
        suite.wait_until(suite.rendered, PEOPLE)

    rows = suite.read("SELECT number, enrolment_id, status FROM certificates_certificate")
    assert sorted(row[0] for row in rows) == list(range(1, PEOPLE + 1))
    assert len({row[1] for row in rows}) == PEOPLE
    assert {row[2] for row in rows} == {"valid"}
    stored = [path for path in (suite.folder / "private").rglob("*") if path.is_file()]
    assert len(stored) == PEOPLE
    assert suite.run("manage.py", "check_register") == (
        f"{PEOPLE} certificates, no fault; 0 wait for their file.\n"
    )


def test_beat_sweeps_every_minute():
    entry = CELERY_BEAT_SCHEDULE["certificates.sweep"]

    assert (entry["task"], entry["schedule"]) == (SWEEP, 60)
