"""Killed with -9 in the middle of its work, a worker loses nothing and issues nothing twice."""

import os

import pytest

from lms.settings.base import CELERY_BEAT_SCHEDULE
from tests.reading import numbers
from tests.workers import Installation, kill

# A quarter before each kill, half for the last worker.
PEOPLE = 120
SWEEP = "certificates.issue_outstanding"


class Suite(Installation):
    def issued(self):
        return self.read("SELECT COUNT(*) FROM certificates_certificate")[0][0]

    def rendered(self):
        return self.read("SELECT COUNT(*) FROM certificates_certificate WHERE file != ''")[0][0]

    def lose_messages(self):
        for message in self.queue.iterdir():
            message.unlink()


@pytest.fixture
def suite(tmp_path, migrated_database):
    suite = Suite(tmp_path, migrated=migrated_database)
    suite.run("-m", "tests.certificates.killing", str(PEOPLE))
    return suite


@pytest.mark.process
@pytest.mark.skipif(
    os.environ.get("DATABASE_URL", "").startswith("postgres"),
    reason="the embedded suite is on SQLite, whatever the tests run on: once is enough",
)
def test_killed_worker_issues_every_certificate_once(suite):
    with suite.worker() as worker:
        suite.wait_until(lambda: suite.issued() >= 30)
        kill(worker)
    issued = suite.issued()
    assert 30 <= issued < PEOPLE
    # The messages that the worker held are gone already; now the broker loses the rest.
    suite.lose_messages()

    with suite.worker() as worker:
        suite.send(SWEEP)
        suite.wait_until(lambda: suite.issued() >= issued + 30)
        kill(worker)
    assert suite.issued() < PEOPLE

    with suite.worker():
        suite.send(SWEEP)
        suite.wait_until(lambda: suite.rendered() == PEOPLE)

    rows = suite.read("SELECT number, enrolment_id, status FROM certificates_certificate")
    assert sorted(row[0] for row in rows) == list(range(1, PEOPLE + 1))
    assert len({row[1] for row in rows}) == PEOPLE
    assert {row[2] for row in rows} == {"valid"}
    stored = [path for path in (suite.folder / "private").rglob("*") if path.is_file()]
    assert len(stored) == PEOPLE
    assert numbers(suite.run("manage.py", "check_register")) == [PEOPLE, 0]


def test_beat_sweeps_every_minute():
    entry = CELERY_BEAT_SCHEDULE["certificates.sweep"]

    assert (entry["task"], entry["schedule"]) == (SWEEP, 60)
