"""The suite's embedded default in a folder of its own, with workers that die as in a power cut."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from celery import Celery

from lms.core.queues import DEFAULT_QUEUE
from lms.settings.base import (
    CELERY_BEAT_SCHEDULE,
    CELERY_TASK_DEFAULT_QUEUE,
    CELERY_TASK_ROUTES,
)
from tests.copies import Copy, Source
from tests.services import HUNG_SECONDS

ROOT = Path(__file__).resolve().parents[1]


class Installation:
    """A data folder with what runs on it; `variables` are added to the environment.

    `migrated` is copied in as its database.
    """

    def __init__(self, folder: Path, *, migrated: Path | None = None, **variables: str) -> None:
        self.folder = folder
        if migrated:
            shutil.copy(migrated, self.database)
        self.queue = folder / "broker" / "queue"
        # Messages are left before the first process of the suite makes its folders.
        self.queue.mkdir(parents=True, exist_ok=True)
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}
        }
        self.environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "lms.settings.dev",
            # What is tested here is so at night as well.
            "SUITE_SENDING_HOURS": "",
            "SUITE_DATA_DIR": str(folder),
            # As `make run` starts them: the system checks are a step of `make test`.
            "CELERY_SKIP_CHECKS": "1",
            **variables,
        }

    def run(self, *arguments: str) -> str:
        """What `python …` prints; it has to end well."""
        with TemporaryDirectory() as folder:
            output, errors = Path(folder) / "output", Path(folder) / "errors"
            done = self._source.start(*arguments, output=output, errors=errors)
            assert done.wait(HUNG_SECONDS) == 0, errors.read_text()
            return output.read_text()

    @cached_property
    def _source(self) -> Source:
        return Source(self.environment)

    def send(self, *tasks: str, queue: str = DEFAULT_QUEUE) -> None:
        """Queue these tasks, as beat does."""
        beat = self._beat()
        for task in tasks:
            beat.send_task(task, queue=queue)

    def send_schedule(self) -> None:
        """Queue all that beat sends, each by the routes of the suite."""
        beat = self._beat()
        beat.conf.task_default_queue = CELERY_TASK_DEFAULT_QUEUE
        beat.conf.task_routes = CELERY_TASK_ROUTES
        for entry in CELERY_BEAT_SCHEDULE.values():
            options = {**entry["options"], "expires": None}
            beat.send_task(entry["task"], entry.get("args", ()), **options)

    def _beat(self) -> Celery:
        """Return what sends into the folder; no process of Django, which takes seconds to begin."""
        beat = Celery("beat", broker="filesystem://localhost//", set_as_current=False)
        beat.conf.broker_transport = "lms.core.broker:Transport"
        beat.conf.broker_transport_options = {
            "data_folder_in": str(self.queue),
            "data_folder_out": str(self.queue),
            "control_folder": str(self.folder / "broker" / "control"),
        }
        return beat

    @contextmanager
    def worker(self, *queues: str) -> Iterator[Copy]:
        """A worker with two processes, killed at the end of the block at the latest.

        It takes from these queues alone, or from all of them.
        """
        command = ["-m", "celery", "-A", "lms", "worker", "--concurrency=2"]
        command += ["--queues", ",".join(queues)] if queues else []
        log = self.folder / "worker.log"
        process = self._source.start(*command, output=log, errors=log)
        try:
            yield process
        finally:
            kill(process)

    @contextmanager
    def serving(self, command: list[str], *, ready: str) -> Iterator[Copy]:
        """Run a web server from when it answers 200 at the address `ready` to the end of the block."""
        python, *arguments = command
        assert python == sys.executable
        log = self.folder / "web.log"
        process = self._source.start(*arguments, output=log, errors=log)
        try:
            deadline = time.monotonic() + HUNG_SECONDS
            while not _answers(ready):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
            yield process
        finally:
            process.terminate()
            process.wait(20)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + HUNG_SECONDS
        while not condition():
            assert time.monotonic() < deadline, (self.folder / "worker.log").read_text()
            # Often enough to come in the middle, and without keeping a core busy with asking.
            time.sleep(0.04)

    def read(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the database, which is left as the worker left it."""
        address = f"file:{self.database}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=20)) as database:
            return database.execute(query).fetchall()

    @property
    def database(self) -> Path:
        return self.folder / "db.sqlite3"


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310
            return answer.status == HTTPStatus.OK
    except OSError:
        return False


def stacks_of_children(process: Copy, log: Path) -> str:
    """What the threads of a server's workers are doing, by `faulthandler`; it ends no test.

    The workers have to take SIGUSR1, as in `tests.ops.serving_settings`, and write to `log`.
    """
    before = log.stat().st_size
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for child in children:
        os.kill(int(child), signal.SIGUSR1)
    deadline = time.monotonic() + 10
    while (said := log.read_text()[before:]).count("Current thread") < len(children):
        if time.monotonic() > deadline:
            break
        time.sleep(0.1)
    return said


def kill(process: "subprocess.Popen[bytes] | Copy") -> None:
    """Worker and pool at once: its children are its process group."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
