"""`make run` as a newcomer meets it: real processes on a data folder of their own."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from lms.dev_server.prepare import missing_steps
from tests.services import free_port

# A machine that does other things too is no failure.
START_SECONDS = 300
PROJECT = Path(__file__).resolve().parents[3]

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(
        os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="the embedded suite is on SQLite, whatever the tests run on: once is enough",
    ),
]


class Suite:
    """One `manage.py run_suite` and what it says."""

    def __init__(self, data_folder: Path, port: int) -> None:
        self.port = port
        self.output_path = data_folder.with_name(f"output-{time.monotonic_ns()}")
        ours = {"DATABASE_URL", "CELERY_BROKER_URL", "EMAIL_URL", "ALLOWED_HOSTS"}
        environment = {key: value for key, value in os.environ.items() if key not in ours}
        environment |= {
            "DJANGO_SETTINGS_MODULE": "lms.settings.dev",
            "SUITE_DATA_DIR": str(data_folder),
            "SUITE_DEMO": "false",
        }
        with self.output_path.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run_suite", "--port", str(port)],
                cwd=PROJECT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.output_path.read_text(encoding="utf-8")

    def wait_until_it_runs(self) -> None:
        self.wait_for(lambda: "Stop it with Ctrl-C" in self.output)

    def wait_for(self, condition) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not condition():
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.1)

    def processes(self) -> list[psutil.Process]:
        """Everything that runs because of this suite, itself left out."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def health(self, name: str) -> int:
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}/health/{name}/") as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def kill(self) -> None:
        """Leave nothing behind, whatever the test did."""
        for process in self.processes() if self.process.poll() is None else []:
            process.kill()
        self.process.kill()
        self.process.wait()


@pytest.fixture
def start(tmp_path):
    """Start a suite on the one data folder of this test; the path has a space in it."""
    suites = []

    def start_suite(port: int) -> Suite:
        suites.append(Suite(tmp_path / "my data", port))
        return suites[-1]

    yield start_suite
    for suite in suites:
        suite.kill()


@pytest.mark.django_db
def test_suite_from_one_start_to_the_next(start, tmp_path, migrated_database, settings):
    """Everything is prepared but the demo data: those are what the browser tests begin with."""
    folder = tmp_path / "my data"
    settings.STATIC_ROOT = folder / "static"
    settings.STATIC_ROOT.mkdir(parents=True)
    list(missing_steps())
    shutil.copy(migrated_database, folder / "db.sqlite3")
    first = start(free_port())
    first.wait_until_it_runs()
    # No warning stands in between: whoever starts it for the first time would wonder.
    ready = "Starting web, worker and beat …\n\nThe training suite is running.\n"
    assert first.output.startswith(ready)
    assert f"Site   http://localhost:{first.port}/" in first.output
    assert f"Admin  http://localhost:{first.port}/quan-tri/" in first.output
    # Beat, the broker and the worker all take part in this one.
    first.wait_for(lambda: (first.health("worker"), first.health("beat")) == (200, 200))

    refused = start(free_port())
    assert refused.process.wait(60) == 1
    assert "The suite is running already on the data in" in refused.output

    processes = first.processes()
    assert first.stop() == 0
    assert first.output.endswith("\nStopped.\n")
    assert psutil.wait_procs(processes, timeout=10)[1] == []

    second = start(first.port)
    second.wait_until_it_runs()
    processes = second.processes()
    # Web and one of its workers, the worker and its pool of two, beat, and the guard at least.
    assert len(processes) >= 7
    second.process.kill()
    second.process.wait()
    assert psutil.wait_procs(processes, timeout=10)[1] == []
