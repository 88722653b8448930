"""SMS beside a mail server that takes the line and never says a word: who waits for whom?"""

import os
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from celery import Celery

from lms.accounts.models import User
from lms.messaging.models import WayHealth
from lms.notifications.domain.planning import ensure_rules
from lms.notifications.enums import ReminderState
from lms.notifications.models import Reminder
from tests.benchmarks.measures import Aim, Measure
from tests.benchmarks.reminders import let_wait, people_to_tell, start
from tests.benchmarks.timing import in_turns, per_second
from tests.services import free_port
from tests.valkey import Valkey

SENT = int(os.environ.get("BENCH_HANGING", "1000"))
PATIENCE_SECONDS = 300
TASK = "notifications.send_due_reminders"
# After those of `sending`.
FIRST_NUMBER = 300_000
# As often as beat says it while the mail server keeps one process waiting.
MAIL_TICKS = 3


class Ticks:
    """The worker for reminders with its two processes, and what beat would tell it."""

    def __init__(self, stack: ExitStack, folder: Path, ports: dict[str, int]) -> None:
        broker = Valkey()
        stack.callback(broker.end)
        self._beat = Celery("beat", set_as_current=False)
        # The broker of the bench itself stands in the environment, and would go before.
        self._line = stack.enter_context(self._beat.connection_for_write(url=broker.url))
        command = ["celery", "-A", "lms", "worker", "--concurrency", "2", "--queues", "reminders"]
        log = stack.enter_context((folder / "worker.log").open("ab"))
        worker = start(*command, ports=ports, log=log, CELERY_BROKER_URL=broker.url)
        stack.callback(_end, worker)

    def tell(self, way: str) -> None:
        self._beat.send_task(TASK, args=[way], queue="reminders", connection=self._line)


def hanging() -> list[Measure]:
    """As many SMS beside mails that nobody takes, by turns with SMS alone."""
    ensure_rules()
    ports = {"smtp": free_port(), "sms": free_port()}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name, sink in (("silent", "smtp"), ("sms", "sms")):
            said = start("tests.benchmarks.sinks", name, str(ports[sink]), f"{folder}/{name}")
            stack.callback(_end, said)
        ticks = Ticks(stack, folder, ports)
        mails = people_to_tell(SENT, by_mail=True, first=FIRST_NUMBER)
        phones = people_to_tell(SENT, by_mail=False, first=FIRST_NUMBER)

        def beside() -> float:
            let_wait(mails)
            # What it has learnt of the server in the last round is forgotten.
            WayHealth.objects.filter(way="email").delete()
            for _tick in range(MAIL_TICKS):
                ticks.tell("email")
            return _seconds_of_sms(ticks, phones)

        pair = in_turns(beside, lambda: _seconds_of_sms(ticks, phones), rounds=5)
    return [
        Measure(
            name=f"{SENT:,} SMS, the mail server hangs",
            value=per_second(pair.job / SENT),
            floor_name="the same without mails",
            floor=per_second(pair.floor / SENT),
            ratio=pair.ratio,
            aims=(Aim("<=", 1.2, "x"),),
        )
    ]


def _seconds_of_sms(ticks: Ticks, phones: list[User]) -> float:
    """Return the seconds from the tick to the last SMS; then nothing is left of this round."""
    let_wait(phones)
    begun = time.perf_counter()
    ticks.tell("sms")
    of_bench = Reminder.objects.filter(user__staff_code__startswith="BR3")
    while of_bench.filter(way="sms").exclude(state=ReminderState.SENT).exists():
        if time.perf_counter() - begun > PATIENCE_SECONDS:
            raise RuntimeError("the SMS do not leave")
        time.sleep(0.1)
    seconds = time.perf_counter() - begun
    while WayHealth.objects.filter(way="email", taken_until__isnull=False).exists():
        time.sleep(0.5)
    if of_bench.filter(way="email", state=ReminderState.SENT).exists():
        raise RuntimeError("the mail server took a mail")
    of_bench.delete()
    return seconds


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
