"""`python -m tests.benchmarks.killing [PEOPLE [KILLS [SEED]]]`: who is killed while messages leave?

Real workers, beat, Valkey, mail server and stand-in for SMS, each killed with -9 at random while so
many people are told, some of them of two things in one message. Prints what came of it; ends with 1
unless each message was taken once, or its row says that nobody knows.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.services import free_port, postgres_url
from tests.valkey import Valkey

ROOT = Path(__file__).resolve().parents[2]
DATABASE = f"kills_{os.getpid()}"
PATIENCE_SECONDS = 30 * 60
OPEN = ("planned", "claimed", "handing_over")
# Half of the people by mail, half by SMS; each tenth is told two things.
SEED = """
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from lms.accounts.models import User
from lms.announcements.enums import KIND
from lms.announcements.models import Announcement
from lms.notifications.domain.planning import ensure_rules
from lms.notifications.models import Reminder, ReminderRule

PEOPLE = %d
now = timezone.now()
User.objects.bulk_create(
    User(
        staff_code=f"HN{number + 100_000}",
        full_name="Nguyễn Thị Hương",
        email=f"nguoi-{number}@example.vn" if number %% 2 else None,
        phone=None if number %% 2 else f"+8491{number:07}",
    )
    for number in range(PEOPLE)
)
ensure_rules()
rule = ReminderRule.objects.get(kind=KIND)
people = list(User.objects.filter(staff_code__gte="HN100000").order_by("pk"))
told = [
    Announcement.objects.create(
        author=people[0], token=uuid4(), audience="kills", group="Lớp", subject="Đổi phòng học",
        text="Mời anh/chị đến phòng số 2.", written_at=now, send_at=now, published_at=now,
    )
    for _ in range(2)
]
Reminder.objects.bulk_create(
    Reminder(
        rule=rule, user=one, unique_key=f"{KIND}:{told[number].pk}:{one.pk}", due_at=now,
        expires_at=now + timedelta(days=1), way="email" if one.email else "sms", urgent=True,
        payload={"announcement": told[number].pk},
    )
    for place, one in enumerate(people)
    for number in range(2 if place %% 10 == 0 else 1)
)
"""


class Part:
    """A process that comes back after it was killed, with all its children."""

    def __init__(self, name, command, environment, log):
        self.name, self._command, self._environment, self._log = name, command, environment, log
        self._process = None

    def start(self):
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=self._environment,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def kill(self):
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Broker:
    name = "broker"

    def __init__(self):
        self._valkey = Valkey()
        self.url = self._valkey.url

    def start(self):
        self._valkey.come_back("killed")

    def kill(self):
        os.kill(self._valkey.server._process.pid, signal.SIGKILL)
        self._valkey.go("killed")

    def end(self):
        self._valkey.end()


class Site:
    """A database, a broker, two sinks, two workers and beat."""

    def __init__(self, folder, base_url, stack):
        self.folder = folder
        self.url = urlunsplit(urlsplit(base_url)._replace(path=f"/{DATABASE}"))
        self.broker = Broker()
        stack.callback(self.broker.end)
        self._log = stack.enter_context((folder / "log").open("ab"))
        ports = {"smtp": free_port(), "sms": free_port()}
        self.ledgers = {name: folder / f"{name}.taken" for name in ports}
        self.environment = {
            **os.environ,
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "lms.settings.dev",
            "SUITE_SENDING_HOURS": "",
            "SUITE_DATA_DIR": str(folder),
            "CELERY_BROKER_URL": self.broker.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{ports['smtp']}",
            "SUITE_SMS_URL": f"http://127.0.0.1:{ports['sms']}/",
            "SUITE_SMS_BODY": '{"phone": "{to}", "content": "{text}", "id": "{key}"}',
            "SUITE_SMS_ACCEPTED": "code=100",
            "SUITE_SMS_REFERENCE": "data.id",
        }
        commands = {
            **{
                name: ["-m", "tests.benchmarks.sinks", name, str(port), str(self.ledgers[name])]
                for name, port in ports.items()
            },
            **{
                f"worker {number}": [
                    *("-m", "celery", "-A", "lms", "worker", "-n", f"{number}@kills"),
                    *("--concurrency", "2", "--queues", "urgent,default,reminders"),
                ]
                for number in (1, 2)
            },
            "beat": ["-m", "celery", "-A", "lms", "beat"],
        }
        self.parts = [
            Part(name, [sys.executable, *command], self.environment, self._log)
            for name, command in commands.items()
        ]

    def run(self, *command):
        subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            stdout=self._log,
            stderr=self._log,
            check=True,
        )

    def rows(self, query):
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    def states(self):
        return Counter(
            dict(self.rows("SELECT state, count(*) FROM notifications_reminder GROUP BY 1"))
        )

    def taken(self):
        """Return how often the sinks took each key."""
        return Counter(
            key
            for path in self.ledgers.values()
            if path.exists()
            for key in path.read_text().splitlines()
        )


def kill_at_random(site, kills, chance):
    """Kill a part as often as told, spread over the messages that leave; return how often each."""
    done = Counter()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (states := site.states()) and any(states[one] for one in OPEN):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not done: {dict(states)}")
        time.sleep(chance.uniform(0.2, 2))
        if (
            states["sent"] < 1 + done.total() * states.total() / (kills + 1)
            or done.total() == kills
        ):
            continue
        part = chance.choice([*site.parts, site.broker])
        part.kill()
        done[part.name.split()[0]] += 1
        time.sleep(chance.uniform(0, 3))
        part.start()
    return done


def judge(site):
    """Return the counts, and whether each message was taken once or its row says that nobody knows."""
    taken = site.taken()
    keys = {}
    for pk, state, key in site.rows(
        "SELECT r.id, r.state, a.message_id FROM notifications_reminder r LEFT JOIN"
        " notifications_deliveryattempt a ON a.reminder_id = r.id AND a.message_id <> ''"
    ):
        keys.setdefault((pk, state), set()).add(key)
    told = Counter()
    for (_pk, state), used in keys.items():
        told[state, sum(taken[key] for key in used if key)] += 1
    good = {("sent", 1), ("uncertain", 0), ("uncertain", 1)}
    return {
        "reminders, by state and how often they were taken": dict(sorted(told.items())),
        "messages taken": taken.total(),
        "taken twice": sum(count > 1 for count in taken.values()),
    }, set(told) <= good and max(taken.values()) == 1


def main(people=10_000, kills=12, seed=None):
    seed = random.randrange(10**6) if seed is None else seed
    with ExitStack() as stack:
        base = stack.enter_context(postgres_url())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="suite-kills-")))
        with psycopg.connect(base, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        stack.callback(_drop, base)
        site = Site(folder, base, stack)
        site.run("manage.py", "migrate", "-v0")
        site.run("manage.py", "shell", "--verbosity=0", "-c", SEED % people)
        # As autovacuum does on a server: without figures of the new rows a claim takes a minute.
        with psycopg.connect(site.url, autocommit=True) as connection:
            connection.execute("ANALYZE")
        begun = time.monotonic()
        for part in site.parts:
            part.start()
            stack.callback(part.kill)
        try:
            done = kill_at_random(site, kills, random.Random(seed))
        except TimeoutError:
            sys.stdout.write((folder / "log").read_text()[-5000:])
            raise
        seconds = time.monotonic() - begun
        found, is_good = judge(site)
    lines = [f"{people} people, seed {seed}, {seconds:.0f} s", f"killed: {dict(done)}"]
    lines += [f"{name}: {count}" for name, count in found.items()]
    sys.stdout.write("\n".join([*lines, "GOOD" if is_good else "BAD", ""]))
    return 0 if is_good else 1


def _drop(base):
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
