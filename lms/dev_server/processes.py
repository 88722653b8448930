"""Run programs beside each other as one process group that ends as a whole."""

import multiprocessing
import os
import re
import runpy
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import IO, Final

from django.core.management.base import CommandError

Running = tuple[ForkServerProcess, IO[str]]
# One process imports the suite, and each program begins as a copy of it: six that import it anew
# take half a minute on an old machine, and four times the memory.
COPIES: Final = multiprocessing.get_context("forkserver")
# What the terminal shows of a log file.
IMPORTANT: Final = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b|^Traceback|^\w*Error: ")
# Leads the group and ends it when we are gone, even killed with -9: then its input ends.
# PR_SET_PDEATHSIG is Linux only and does not reach the children of a program.
GUARD: Final = "import os, signal, sys; sys.stdin.read(); os.killpg(0, signal.SIGKILL)"
STOP_SECONDS: Final = 10
# Sent to everybody at the terminal; the programs are stopped by us, one after the other.
SENT_TO_ALL: Final = (signal.SIGHUP, signal.SIGTERM)


@contextmanager
def process_group(programs: dict[str, list[str]], logs: Path) -> Iterator[dict[str, Running]]:
    """Start the programs in order; after the block nothing is left of them or their children.

    They stop in the opposite order, or at once after one more Ctrl-C, which reaches us alone.
    """
    logs.mkdir(parents=True, exist_ok=True)
    _ready_to_copy()
    started: dict[str, Running] = {}
    command = (sys.executable, "-IS", "-c", GUARD)
    with subprocess.Popen(command, stdin=subprocess.PIPE, process_group=0) as guard:  # noqa: S603
        try:
            for name, program in programs.items():
                started[name] = _start(program, logs / f"{name}.log", guard.pid)
            yield started
        finally:
            _stop_all(started, guard.pid)


def _ready_to_copy() -> None:
    """Start the process that is copied; it ends with us, and by nothing else."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SENT_TO_ALL)
    forkserver.ensure_running()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SENT_TO_ALL)


def _start(program: list[str], log_path: Path, group: int) -> Running:
    if log_path.exists():
        log_path.replace(f"{log_path}.1")
    log_path.touch()
    process = COPIES.Process(target=_become, args=(program, log_path, group))
    process.start()
    return process, log_path.open(encoding="utf-8", errors="replace")


def _become(program: list[str], log_path: Path, group: int) -> None:
    """Turn this copy into the program: a module of Python runs right here, where all is imported."""
    os.setpgid(0, group)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SENT_TO_ALL)
    with Path(os.devnull).open("rb") as nothing, log_path.open("ab") as log:
        for stream, number in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(stream.fileno(), number)
    if program[:2] != [sys.executable, "-m"]:
        os.execvp(program[0], program)  # noqa: S606 - the programs are the suite's own
    # The web server copies itself for its workers, unless it is itself known to be a copy.
    multiprocessing.set_start_method(None, force=True)
    sys.argv = program[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def watch(started: dict[str, Running], show: Callable[[str], None]) -> None:
    """Wait a moment, show new warnings; raise CommandError when a program has ended."""
    time.sleep(0.1)
    for name, (process, log) in started.items():
        for line in filter(IMPORTANT.search, log):
            show(f"{name} | {line.rstrip()}")
        if process.exitcode is not None:
            log.seek(0)
            raise CommandError(
                f"The {name} process stopped (exit code {process.exitcode}), and all others"
                f" with it. Its last lines, all of them are in {log.name}:\n"
                + "".join(f"  {line}" for line in deque(log, maxlen=12))
            )


def _stop_all(started: dict[str, Running], group: int) -> None:
    with suppress(KeyboardInterrupt):
        for process, _log in reversed(started.values()):
            process.terminate()
            process.join(STOP_SECONDS)
    os.killpg(group, signal.SIGKILL)  # A pool process may have outlived its parent.
    for process, log in started.values():
        process.join()
        log.close()
