"""Real processes, small ones: how they are started, watched and stopped, whatever happens."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from django.core.management.base import CommandError

from lms.dev_server import processes
from lms.dev_server.processes import process_group, watch

PROJECT = Path(__file__).resolve().parents[3]
# Says that it is up, and says so when it is stopped.
OBEDIENT = """
trap 'echo "{name} down" >> diary; exit 0' TERM
echo "{name} up" >> diary
while :; do sleep 0.02; done
"""
# Deaf, and with a child that nobody told.
STUBBORN = """
trap '' TERM
sleep 300 &
echo "{name} up" >> diary
while :; do sleep 0.02; done
"""
# Asks for more haste when it is told to stop.
PUSHING = f"""
trap 'kill -INT {os.getpid()}' TERM
echo "{{name}} up" >> diary
while :; do sleep 0.02; done
"""
# A runner of its own, for what cannot be done to this process.
RUNNER = """
import fcntl, os, signal, sys, termios
from contextlib import suppress
from pathlib import Path
from lms.dev_server import processes
from lms.dev_server.processes import process_group, watch
if os.isatty(0):
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
processes.STOP_SECONDS = 0.5
signal.signal(signal.SIGHUP, signal.default_int_handler)
folder, script = Path(sys.argv[1]), sys.argv[2]
program = ["sh", "-c", f"cd '{folder}'; {script}"]
with suppress(KeyboardInterrupt), process_group({"web": program}, folder) as started:
    while True:
        watch(started, print)
"""


class Stage:
    """A folder with a diary that the programs write, and the lines that were shown."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown: list[str] = []

    def group(self, **scripts: str):
        return process_group(
            {
                name: ["sh", "-c", f"cd '{self.folder}'\n{script.replace('{name}', name)}"]
                for name, script in scripts.items()
            },
            self.folder / "log",
        )

    def watch_until(self, started, condition) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, self.diary()
            watch(started, self.shown.append)

    def diary(self) -> list[str]:
        path = self.folder / "diary"
        return path.read_text().splitlines() if path.exists() else []

    def left(self) -> list[psutil.Process]:
        """What still runs of this stage: its programs begin by going to its folder."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.cwd() == str(self.folder) and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def wait_until_nothing_is_left(self) -> None:
        _gone, alive = psutil.wait_procs(self.left(), timeout=10)
        assert alive == []


@pytest.fixture
def stage(tmp_path):
    folder = tmp_path / "a folder"
    folder.mkdir()
    return Stage(folder)


@pytest.fixture
def runner(stage):
    """Start a runner with a stubborn program; `options` are those of Popen."""
    begun = []

    def start(**options: int) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-c", RUNNER, str(stage.folder), STUBBORN]
        begun.append(subprocess.Popen(command, cwd=PROJECT, start_new_session=True, **options))
        deadline = time.monotonic() + 20
        while not stage.diary():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert len(stage.left()) >= 2
        return begun[-1]

    yield start
    for process in (*begun, *stage.left()):
        process.kill()
        process.wait()


def interrupt():
    os.kill(os.getpid(), signal.SIGINT)


def test_programs_stop_in_the_opposite_order(stage):
    names = ("web", "worker", "beat")
    with suppress(KeyboardInterrupt), stage.group(**dict.fromkeys(names, OBEDIENT)) as started:
        stage.watch_until(started, lambda: len(stage.diary()) == 3)
        interrupt()

    assert sorted(stage.diary()[:3]) == ["beat up", "web up", "worker up"]
    assert stage.diary()[3:] == ["beat down", "worker down", "web down"]
    assert stage.shown == []


def test_important_lines_are_shown_and_all_are_logged(stage):
    script = "printf 'INFO fine\\nWARNING careful\\n[ERROR] bad\\n'; exec sleep 60"
    with stage.group(web=script) as started:
        stage.watch_until(started, lambda: len(stage.shown) == 2)

    assert stage.shown == ["web | WARNING careful", "web | [ERROR] bad"]
    log = stage.folder / "log" / "web.log"
    assert log.read_text() == "INFO fine\nWARNING careful\n[ERROR] bad\n"


def test_log_of_the_run_before_is_kept(stage):
    for word in ("first", "second"):
        with stage.group(web=f"echo {word}; touch {word}; exec sleep 60") as started:
            stage.watch_until(started, (stage.folder / word).exists)

    log = stage.folder / "log"
    assert (log / "web.log.1").read_text() == "first\n"
    assert (log / "web.log").read_text() == "second\n"


def test_program_that_ends_stops_the_others_and_tells_its_last_lines(stage):
    broken = "until grep -qs 'web up' diary; do sleep 0.02; done; seq 20; sleep 60 & exit 3"
    with (
        pytest.raises(CommandError) as caught,
        stage.group(web=OBEDIENT, worker=broken) as started,
    ):
        stage.watch_until(started, lambda: False)

    first, *last = str(caught.value).splitlines()
    assert first.startswith("The worker process stopped (exit code 3), and all others with it.")
    assert first.endswith(f"all of them are in {stage.folder}/log/worker.log:")
    assert last == [f"  {number}" for number in range(9, 21)]
    assert stage.diary() == ["web up", "web down"]
    stage.wait_until_nothing_is_left()


def test_program_that_does_not_stop_is_killed_with_its_children(stage, monkeypatch):
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.3)
    with stage.group(web=STUBBORN) as started:
        stage.watch_until(started, stage.diary)
        assert len(stage.left()) >= 2

    stage.wait_until_nothing_is_left()


def test_second_interrupt_kills_at_once(stage, monkeypatch):
    monkeypatch.setattr(processes, "STOP_SECONDS", 60)
    begun = time.monotonic()
    with suppress(KeyboardInterrupt), stage.group(web=STUBBORN, worker=PUSHING) as started:
        stage.watch_until(started, lambda: len(stage.diary()) == 2)
        interrupt()

    assert time.monotonic() - begun < 20
    stage.wait_until_nothing_is_left()


def test_program_that_is_not_there_leaves_nothing_behind(stage):
    programs = {"web": ["sh", "-c", f"cd '{stage.folder}'; exec sleep 60"], "worker": ["/missing"]}
    with (
        pytest.raises(CommandError, match="The worker process stopped") as caught,
        process_group(programs, stage.folder) as started,
    ):
        stage.watch_until(started, lambda: False)

    assert "FileNotFoundError" in str(caught.value)
    stage.wait_until_nothing_is_left()


def test_killed_runner_leaves_nothing_behind(stage, runner):
    process = runner(stdin=subprocess.DEVNULL)
    process.kill()
    process.wait()

    stage.wait_until_nothing_is_left()


def test_closed_terminal_leaves_nothing_behind(stage, runner):
    ours, theirs = os.openpty()
    process = runner(stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.close(ours)
    process.wait(30)

    stage.wait_until_nothing_is_left()
