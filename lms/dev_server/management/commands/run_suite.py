"""`manage.py run_suite`: web server, Celery worker and Celery beat from one terminal."""

import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from lms.core.data_folder import hold_data_folder
from lms.core.demo import demo_accounts
from lms.core.maintenance import end_maintenance
from lms.core.refusal import Refusal
from lms.dev_server.prepare import hold_port, missing_steps, require_free_port
from lms.dev_server.processes import COPIES, process_group, watch

# Workers that talk to each other do so through files that nobody clears away.
_WORKER: Final = (
    "celery -A lms worker --loglevel INFO --without-gossip --without-mingle --without-heartbeat"
)

#: What all programs are copies of; without what web processes alone do (`lms.wsgi`).
LOADED: Final = ["lms.loaded", "lms.celery", "celery.apps.worker"]


class Command(BaseCommand):
    help = "Prepares the data folder and runs web, worker and beat until Ctrl-C."
    # A check would only delay the message about a taken port; `make test` runs them.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="the port to listen on")

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        # A closed terminal and a polite kill do what Ctrl-C does.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        folder, has_terminal = Path(settings.DATA_DIR), sys.stdin.isatty()
        # Before the demo data is made: its certificates keep the address for good.
        address = os.environ.setdefault("SUITE_BASE_URL", f"http://localhost:{port}")
        settings.WAGTAILADMIN_BASE_URL = address
        with _hold(folder):
            # A start is the end of an upgrade.
            end_maintenance()
            try:
                require_free_port(host, port)
                for sentence, *command in missing_steps():
                    self.show(sentence)
                    call_command(*command, verbosity=0)
            except KeyboardInterrupt:
                raise CommandError("Stopped while preparing; the next start goes on.") from None
            self.show("Starting web, worker and beat …")
            # The system checks belong to `make test`; at each start they only cost seconds.
            os.environ.update(PYTHONUNBUFFERED="1", CELERY_SKIP_CHECKS="1")
            COPIES.set_forkserver_preload(LOADED)
            programs = list_programs(host, port)
            with (
                suppress(KeyboardInterrupt),
                # Once more: the steps may have taken a minute.
                hold_port(host, port),
                process_group(programs, folder / "log") as started,
            ):
                while not answers_ready(host, port):
                    watch(started, self.show)
                self.show(welcome(port, folder))
                # A terminal that is gone signals the first process in it alone, maybe not us.
                while sys.stdin.isatty() == has_terminal:
                    watch(started, self.show)
        self.show("Stopped.")

    def show(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


@contextmanager
def _hold(folder: Path) -> Iterator[None]:
    with ExitStack() as held:
        try:
            held.enter_context(hold_data_folder(folder))
        except Refusal as refusal:
            another = "make run PORT=8001 SUITE_DATA_DIR=/another/folder"
            raise CommandError(f"{refusal} Or choose another folder: {another}") from None
        yield


def list_programs(host: str, port: int) -> dict[str, list[str]]:
    lines = {
        # More web processes than cores make each request slower. A phone that reads a file slowly
        # keeps a thread to itself; threads are started when they are needed. So many are meant, and
        # the server would warn of them at each start.
        "web": f"granian --interface wsgi --host {host} --port {port} --no-ws --blocking-threads 32"
        f" --workers {min(os.cpu_count() or 1, 4)} --respawn-failed-workers"
        " --workers-kill-timeout 5 --log-level error lms.wsgi:application",
        "worker": f"{_WORKER} --queues urgent,default --concurrency 2 --hostname main@%h",
        # Two: while one waits for a silent provider the other one sends by another way.
        "reminders": f"{_WORKER} --queues reminders --concurrency 2 --hostname reminders@%h",
        "imports": f"{_WORKER} --queues imports --concurrency 1 --hostname imports@%h",
        "bulk": f"{_WORKER} --queues bulk --concurrency 1 --hostname bulk@%h",
        "beat": "celery -A lms beat --loglevel INFO",
    }
    return {name: [sys.executable, "-m", *line.split()] for name, line in lines.items()}


def answers_ready(host: str, port: int) -> bool:
    """Return whether the web server says that it and its database are ready."""
    named = [name for name in settings.ALLOWED_HOSTS if not name.startswith(("*", "."))]
    web = HTTPConnection(host, port, timeout=2)
    with suppress(OSError, HTTPException), closing(web):
        web.request("GET", "/health/ready/", headers={"Host": [*named, "localhost"][0]})
        return web.getresponse().status == HTTPStatus.OK
    return False


def welcome(port: int, folder: Path) -> str:
    """Return where to click and with which account."""
    site = f"http://localhost:{port}/"
    text = f"""
The training suite is running.
  Site   {site}
  Admin  {site}{reverse("wagtailadmin_home").lstrip("/")}
  Mail   {folder / "mail"} (kept as files, nothing is sent)
  Logs   {folder / "log"}
"""
    if accounts := demo_accounts():
        width = max(len(one["label"]) for one in accounts)
        text += "\nDemo accounts (made-up people): log-in, password\n"
        for one in accounts:
            text += f"  {one['label']:{width}}  {one['login']:10}  {one['password']}\n"
    return f"{text}\nStop it with Ctrl-C; the data stays."
