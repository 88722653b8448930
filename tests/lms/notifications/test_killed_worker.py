"""Real workers: killed with -9 in the middle of sending, or before a mail server that is silent."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from courses.models import CourseRun
from lms.accounts.models import User
from tests.databases import own_database
from tests.factories.accounts import UserFactory
from tests.factories.courses import EnrolmentFactory, ask, make_course, make_run
from tests.factories.geography import make_map, unit
from tests.lms.notifications.smtp_sink import Sink, running_sink
from tests.services import free_port
from tests.workers import Installation

PEOPLE = 5
# One of them has a phone and no mailbox.
BY_PHONE = """
update accounts_user set email = null, phone = '+84912345678' where email = 'nguoi-4@example.vn'
"""
EVERYBODY = [f"nguoi-{number}@example.vn" for number in range(PEOPLE)]

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(
        os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="the embedded suite is on SQLite, whatever the tests run on: once is enough",
    ),
]


class Suite(Installation):
    def tick(self) -> None:
        self.send("notifications.plan_reminders", "notifications.send_due_reminders")

    def states(self) -> list[str]:
        return [state for (state,) in self.read("select state from notifications_reminder")]

    def last_tick(self, queue: str) -> str:
        """Return when a process last carried out a tick of this queue."""
        rows = self.read("select name, ticked_at from core_heartbeat")
        return dict(rows).get(queue, "")

    def write(self, *statements: str) -> None:
        """Without a process of Django, which would take seconds to begin."""
        with closing(sqlite3.connect(self.database, timeout=20)) as database, database:
            for statement in statements:
                database.execute(statement)

    def let_three_minutes_pass(self) -> None:
        self.write(
            "update notifications_reminder"
            " set state_since = strftime('%Y-%m-%d %H:%M:%f', state_since, '-3 minutes')",
            # Whoever used the way is gone as long.
            "update messaging_wayhealth"
            " set taken_until = strftime('%Y-%m-%d %H:%M:%f', taken_until, '-3 minutes')",
        )


def join_class(people: list[User], **options: object) -> None:
    """Let a class end tomorrow: the reminder of its unread lessons is due."""
    today = timezone.localdate()
    dates = {"starts_on": today, "ends_on": today + timedelta(days=1)}
    run = make_run(unit=unit("350"), **dates, **options)
    ask(run, lessons={"percent": 100})
    for user in people:
        EnrolmentFactory(run=run, unit=unit("13384"), user=user)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, django_db_blocker, django_test_environment) -> Path:
    """A data folder with a database in which everybody's reminder is due."""
    folder = tmp_path_factory.mktemp("prepared")
    with django_db_blocker.unblock(), own_database(folder):
        make_map()
        people = [UserFactory(email=email) for email in EVERYBODY]
        join_class(people, course=make_course())
    return folder


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Suite:
    """One of which all tests here start copies: to load it takes longer than what is looked at."""
    folder = tmp_path_factory.mktemp("suite") / "data"
    return Suite(folder, EMAIL_URL=f"smtp://127.0.0.1:{free_port()}")


@pytest.fixture
def mail_server(installed) -> Iterator[Sink]:
    with running_sink(urlsplit(installed.environment["EMAIL_URL"]).port) as sink:
        yield sink


@pytest.fixture
def suite(prepared, installed, mail_server) -> Suite:
    # Nothing of the test before; the folder is where it was, as the loaded process knows it.
    shutil.rmtree(installed.folder)
    shutil.copytree(prepared, installed.folder)
    installed.queue.mkdir(parents=True)
    return installed


def finish(suite: Suite) -> None:
    """Two minutes later a new worker is there, and beat ticks as before."""
    suite.let_three_minutes_pass()
    with suite.worker():
        for _ in range(3):
            suite.tick()
        suite.wait_until(lambda: set(suite.states()) <= {"sent", "uncertain"})
        suite.tick()
        suite.wait_until(lambda: not list(suite.queue.iterdir()))


def kill_at(place, suite, mail_server) -> list[str]:
    """Kill a worker where the server stands still; return what the reminders were by then."""
    mail_server.hold.add(place)
    for _ in range(3):
        suite.tick()
    with suite.worker():
        suite.wait_until(mail_server.holding.is_set)
    states = suite.states()
    mail_server.hold.clear()
    finish(suite)
    return states


def test_worker_killed_before_the_hand_over_sends_each_reminder_once(suite, mail_server):
    assert set(kill_at("greeting", suite, mail_server)) == {"claimed"}

    assert suite.states() == ["sent"] * PEOPLE
    assert sorted(mail_server.recipients) == EVERYBODY


@pytest.mark.parametrize("things", [1, 2])
def test_worker_killed_in_the_hand_over_leaves_in_doubt_what_it_had_begun_and_sends_it_no_more(
    suite, mail_server, things, django_db_blocker, django_test_environment
):
    if things == 2:
        # Everybody is told of both classes in one message.
        with django_db_blocker.unblock(), own_database(suite.folder, migrated=False):
            course = CourseRun.objects.get().course
            join_class(User.objects.filter(email__in=EVERYBODY), course=course, code="HAI-LOP")
    # As many messages as leave within a moment are begun together: at least the one that hangs.
    begun = kill_at("nguoi-2@example.vn", suite, mail_server).count("handing_over")
    assert things <= begun < things * PEOPLE

    ended = things * PEOPLE - begun
    assert sorted(suite.states()) == ["sent"] * ended + ["uncertain"] * begun
    outcomes = suite.read("select outcome from notifications_deliveryattempt order by outcome")
    assert outcomes == [("accepted",)] * ended + [("unknown",)] * begun
    got = mail_server.recipients
    assert len(got) == len(set(got))
    reached = suite.read(
        "select distinct email from accounts_user join notifications_reminder as told"
        " on told.user_id = accounts_user.id where told.state = 'sent'"
    )
    assert {email for (email,) in reached} <= set(got)


@pytest.mark.parametrize(
    ("place", "reached"), [("greeting", []), (EVERYBODY[0], EVERYBODY[:-1])], ids=["deaf", "slow"]
)
def test_silent_mail_server_holds_up_nothing_else(suite, mail_server, place, reached):
    """It does not greet, or it takes a text and never answers."""
    suite.write(BY_PHONE)
    mail_server.hold.add(place)
    with suite.worker("urgent", "default"):
        suite.send_schedule()
        suite.wait_until(lambda: len(suite.states()) == PEOPLE and suite.last_tick("default"))
        # Whoever sends codes and plans does not send reminders.
        assert mail_server.connections == 0
        with suite.worker("reminders"):
            suite.wait_until(mail_server.holding.is_set)
            before = {queue: suite.last_tick(queue) for queue in ("urgent", "default")}
            suite.send_schedule()
            suite.wait_until(lambda: all(suite.last_tick(one) > before[one] for one in before))
            # The other way goes on as well.
            suite.wait_until((suite.folder / "sms").exists)

    assert set(mail_server.recipients) <= set(reached)
    assert len(list((suite.folder / "sms").iterdir())) == 1
