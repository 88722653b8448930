"""Reminders: half a million planned, ten thousand sent by mail and as many by SMS."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import IO
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from lms.accounts.models import User
from lms.announcements.enums import KIND
from lms.announcements.models import Announcement
from lms.notifications.domain.planning import ensure_rules, plan_reminders
from lms.notifications.extensions import PlannedReminder, ReminderKind, reminder_kinds
from lms.notifications.models import Reminder, ReminderRule
from tests.benchmarks.measures import Aim, Measure
from tests.benchmarks.timing import Pair, in_turns, median_of, per_second, timed
from tests.services import free_port

ROOT = Path(__file__).resolve().parents[2]
PLANNED = int(os.environ.get("BENCH_PLANNED", "500000"))
PEOPLE = 5_000
SENT = int(os.environ.get("BENCH_SENT", "10000"))
# Of all that waits so much leaves in each, beside as much of the bare loops: noise falls on both.
SENDING_ROUNDS = 5
# Each way, and the sink that stands for its provider.
WAYS = {"email": "smtp", "sms": "sms"}
_BATCH = 1000


class _Many(ReminderKind):
    """So many things that each of the people is to be told."""

    key = "bench.many"
    label = "Bench"
    default_lead_minutes = 0

    def __init__(self, people, now):
        self._people, self._now = people, now

    def plan(self, *, rule, now, ahead=None):
        due_at = self._now + timedelta(days=1)
        expires_at = due_at + timedelta(days=1)
        for number in range(PLANNED // len(self._people)):
            for user_id in self._people:
                key = f"{self.key}:{number}:{user_id}"
                yield PlannedReminder(key, user_id, due_at, expires_at)

    def messages(self, *, reminders, now):
        return {}


def planning() -> list[Measure]:
    """Half a million of one rule; beside as many rows inserted in the same batches."""
    now = timezone.now()
    peaks: list[float] = []
    with transaction.atomic():
        people = [one.pk for one in people_to_tell(PEOPLE, by_mail=True)]
        kind = _Many(people, now)
        reminder_kinds.register(kind)
        ensure_rules()
        rule = ReminderRule.objects.get(kind=kind.key)

        def plan() -> None:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            with transaction.atomic():
                if plan_reminders(now=now) < PLANNED:
                    raise RuntimeError("not all were planned")
                transaction.set_rollback(True)
            peaks.append((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)

        def insert() -> None:
            with transaction.atomic():
                items = iter(kind.plan(rule=rule, now=now))
                while rows := [_row(rule, item) for item in islice(items, _BATCH)]:
                    Reminder.objects.bulk_create(rows)
                transaction.set_rollback(True)

        pair = in_turns(timed(plan), timed(insert), rounds=1, warm_up=0)
        transaction.set_rollback(True)
    return [
        Measure(
            name=f"{PLANNED:,} reminders planned (+{peaks[0]:.0f} MB)",
            value=f"{pair.job:.0f} s",
            floor_name="as many rows inserted",
            floor=f"{pair.floor:.0f} s",
            ratio=pair.ratio,
            aims=(Aim("<=", 250, "MB"), Aim("<=", 3, "x")),
            figures={"MB": peaks[0]},
        )
    ]


def sending() -> list[Measure]:
    """Two processes, one for each way; by turns with two that hand as many to the same sinks."""
    ensure_rules()
    with tempfile.TemporaryDirectory() as folder:
        ports = {"smtp": free_port(), "sms": free_port()}
        sinks = [
            start("tests.benchmarks.sinks", name, str(port), f"{folder}/{name}")
            for name, port in ports.items()
        ]
        try:
            time.sleep(5)
            let_wait(people_to_tell(SENT, by_mail=True) + people_to_tell(SENT, by_mail=False))
            rounds = [
                (_both("suite", ports), _both("bare", ports)) for _round in range(SENDING_ROUNDS)
            ]
        finally:
            for sink in sinks:
                sink.kill()
                sink.wait()
    both = median_of([(max(job.values()), max(floor.values())) for job, floor in rounds])
    measures = [_sent(f"{SENT:,} mails and {SENT:,} SMS, two processes", both, Aim("<=", 3, "x"))]
    for way in WAYS:
        one = median_of([(job[way], floor[way]) for job, floor in rounds])
        measures.append(_sent(f"  of these, by {way}", one))
    return measures


def _sent(name: str, pair: Pair, *aims: Aim) -> Measure:
    return Measure(
        name=name,
        value=per_second(pair.job),
        floor_name="bare loops to the same sinks",
        floor=per_second(pair.floor),
        ratio=pair.ratio,
        aims=aims,
    )


def _both(how: str, ports: dict[str, int]) -> dict[str, float]:
    """Return the seconds a message by each way, both at once."""
    count = SENT // SENDING_ROUNDS
    running = {
        way: start("tests.benchmarks.sending", how, way, str(ports[sink]), str(count), ports=ports)
        for way, sink in WAYS.items()
    }
    said = {way: one.communicate()[0] for way, one in running.items()}
    if any(one.returncode for one in running.values()):
        raise RuntimeError(f"{how}: {said}")
    return {way: float(one) for way, one in said.items()}


def start(
    module: str, *arguments: str, ports: dict[str, int] | None = None, log: IO | None = None, **more
):
    """Start `python -m module …` that reaches the sinks at these ports; it says what it prints."""
    environment = {**os.environ, **more}
    if ports:
        environment |= {
            "EMAIL_URL": f"smtp://127.0.0.1:{ports['smtp']}",
            "SUITE_SMS_URL": f"http://127.0.0.1:{ports['sms']}/",
            "SUITE_SMS_BODY": '{"phone": "{to}", "content": "{text}", "id": "{key}"}',
            "SUITE_SMS_ACCEPTED": "code=100",
        }
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=log or subprocess.PIPE, stderr=log, text=True
    )


def people_to_tell(count: int, *, by_mail: bool, first: int = 100_000) -> list[User]:
    """Make so many people whom one way reaches; numbers from `first` on are theirs."""
    numbers = range(first, first + count) if by_mail else range(first + count, first + 2 * count)
    return User.objects.bulk_create(
        User(
            staff_code=f"BR{number}",
            full_name="Nguyễn Thị Hương",
            email=f"nguoi-{number}@bench.example.vn" if by_mail else None,
            phone=None if by_mail else f"+8492{number:07}",
        )
        for number in numbers
    )


def let_wait(people: list[User]) -> None:
    """Let a message of somebody be due to each of them, by the way that reaches them."""
    now = timezone.now()
    told = Announcement.objects.create(
        author=people[0],
        token=uuid4(),
        audience="bench",
        group="Lớp",
        subject="Đổi phòng học",
        text="Mời anh/chị đến phòng số 2.",
        written_at=now,
        send_at=now,
        published_at=now,
    )
    rule = ReminderRule.objects.get(kind=KIND)
    Reminder.objects.bulk_create(
        (
            Reminder(
                rule=rule,
                user=one,
                unique_key=f"{KIND}:{told.pk}:{one.pk}",
                due_at=now,
                expires_at=now + timedelta(days=1),
                way="email" if one.email else "sms",
                urgent=True,
                payload={"announcement": told.pk},
            )
            for one in people
        ),
        batch_size=_BATCH,
    )


def _row(rule: ReminderRule, item: PlannedReminder) -> Reminder:
    return Reminder(
        rule=rule,
        user_id=item.user_id,
        unique_key=item.unique_key,
        due_at=item.due_at,
        expires_at=item.expires_at,
    )
