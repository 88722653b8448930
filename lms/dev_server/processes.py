"""Run programs beside each other as one process group that ends as a whole."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from django.core.management.base import CommandError

Running = tuple["subprocess.Popen[bytes]", IO[str]]
# What the terminal shows of a log file.
IMPORTANT: Final = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b|^Traceback|^\w*Error: ")
# Leads the group and ends it when we are gone, even killed with -9: then its input ends.
# PR_SET_PDEATHSIG is Linux only and does not reach the children of a program.
GUARD: Final = "import os, signal, sys; sys.stdin.read(); os.killpg(0, signal.SIGKILL)"
STOP_SECONDS: Final = 10


@contextmanager
def process_group(programs: dict[str, list[str]], logs: Path) -> Iterator[dict[str, Running]]:
    """Start the programs in order; after the block nothing is left of them or their children.

    They stop in the opposite order, or at once after one more Ctrl-C, which reaches us alone.
    """
    logs.mkdir(parents=True, exist_ok=True)
    started: dict[str, Running] = {}
    command = (sys.executable, "-IS", "-c", GUARD)
    with subprocess.Popen(command, stdin=subprocess.PIPE, process_group=0) as guard:  # noqa: S603
        try:
            for name, program in programs.items():
                started[name] = _start(program, logs / f"{name}.log", guard.pid)
            yield started
        finally:
            _stop_all(started, guard.pid)


def _start(program: list[str], log_path: Path, group: int) -> Running:
    if log_path.exists():
        log_path.replace(f"{log_path}.1")
    with log_path.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - the programs are the suite's own
            program, stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=group
        )
    return process, log_path.open(encoding="utf-8", errors="replace")


def watch(started: dict[str, Running], show: Callable[[str], None]) -> None:
    """Wait a moment, show new warnings; raise CommandError when a program has ended."""
    time.sleep(0.1)
    for name, (process, log) in started.items():
        for line in filter(IMPORTANT.search, log):
            show(f"{name} | {line.rstrip()}")
        if process.poll() is not None:
            log.seek(0)
            raise CommandError(
                f"The {name} process stopped (exit code {process.returncode}), and all others"
                f" with it. Its last lines, all of them are in {log.name}:\n"
                + "".join(f"  {line}" for line in deque(log, maxlen=12))
            )


def _stop_all(started: dict[str, Running], group: int) -> None:
    with suppress(KeyboardInterrupt):
        for process, _log in reversed(started.values()):
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
    os.killpg(group, signal.SIGKILL)  # A pool process may have outlived its parent.
    for process, log in started.values():
        process.wait()
        log.close()
