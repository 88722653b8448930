"""Killed with -9 in the middle of writing a list, a worker leaves nothing half-written."""

import os
import sqlite3
from contextlib import closing

import pytest

from lms.settings.base import CELERY_BEAT_SCHEDULE
from tests.workers import Installation, kill

PEOPLE = 4000
SWEEP = "importing.take_up"
OTHERS = {"certificates.issue_outstanding": "bulk", "accounts.send_login_code": "urgent"}

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(
        os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="the embedded suite is on SQLite, whatever the tests run on: once is enough",
    ),
]


class Suite(Installation):
    def written(self):
        query = "SELECT COUNT(*) FROM accounts_user WHERE staff_code LIKE 'KILL-%'"
        return self.read(query)[0][0]

    def state(self):
        return self.read("SELECT state FROM importing_importbatch")[0][0]

    def is_writing(self):
        """Whether somebody holds the one lock for writing longer than a heartbeat does."""
        with closing(sqlite3.connect(self.database, timeout=0.3)) as database:
            try:
                database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            database.rollback()
            return False

    def lose_messages(self):
        for message in self.queue.iterdir():
            message.unlink()

    def let_two_minutes_pass(self):
        with closing(sqlite3.connect(self.database, timeout=20)) as database, database:
            database.execute(
                "UPDATE importing_importbatch"
                " SET state_since = strftime('%Y-%m-%d %H:%M:%f', state_since, '-2 minutes')"
            )


def test_killed_worker_leaves_nothing_half_written_and_the_sweep_finishes(
    tmp_path, migrated_database
):
    suite = Suite(tmp_path, migrated=migrated_database)
    suite.run("-m", "tests.lms.importing.killing", str(PEOPLE))
    with suite.worker() as worker:
        suite.wait_until(suite.is_writing)
        kill(worker)
    assert (suite.written(), suite.state()) == (0, "confirming")

    suite.lose_messages()
    suite.let_two_minutes_pass()
    # Whoever does other long work stands still, and nobody sends codes: lists wait for neither.
    for task, queue in OTHERS.items():
        suite.send(task, queue=queue)
    with suite.worker("imports"):
        suite.send(SWEEP, queue="imports")
        suite.wait_until(lambda: suite.state() == "confirmed")
    assert len(list(suite.queue.iterdir())) >= len(OTHERS)

    assert suite.written() == PEOPLE
    posts = suite.read("SELECT COUNT(*), COUNT(DISTINCT user_id) FROM accounts_posting")
    assert posts == [(PEOPLE, PEOPLE)]


def test_beat_sweeps_every_minute():
    entry = CELERY_BEAT_SCHEDULE["importing.take_up"]

    assert (entry["task"], entry["schedule"]) == (SWEEP, 60)
