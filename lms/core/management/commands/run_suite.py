"""`manage.py run_suite`: web server, Celery worker and Celery beat from one terminal."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from lms.core.supervision import preparation, suite
from lms.core.supervision.supervisor import SuiteFailedError, Supervisor


class Command(BaseCommand):
    help = "Prepares the data folder and runs web, worker and beat until Ctrl-C."
    # A check would only delay the message about a taken port; the children run them.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="the port to listen on")

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        data_folder = Path(settings.DATA_DIR)
        try:
            with preparation.hold_data_folder(data_folder):
                preparation.require_free_port(host, port)
                preparation.migrate_if_needed(self.show)
                preparation.collect_static_if_needed(self.show)
                preparation.load_demo_if_empty(self.show)
                # The supervisor itself needs no database; the children open their own.
                connections.close_all()
                self.supervise(host, port, data_folder)
        except SuiteFailedError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped before it had started; the next start goes on.") from None

    def supervise(self, host: str, port: int, data_folder: Path) -> None:
        self.show("Starting web, worker and beat …")
        specs = suite.child_specs(host=host, port=port, log_folder=data_folder / "log")
        Supervisor(specs, self.show).run(
            is_ready=partial(suite.answers_ready, port=port),
            on_ready=lambda: self.greet(port, data_folder),
        )
        self.show("Stopped.")

    def greet(self, port: int, data_folder: Path) -> None:
        for line in suite.welcome(port=port, data_folder=data_folder):
            self.show(line)

    def show(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
