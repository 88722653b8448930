"""A process that has loaded the suite in one environment; programs begin there as copies of it.

As `make run` starts them, and for the same reason: whoever starts five workers and commands one
after the other would load everything five times. Each copy is a process of its own that may be
killed, with its own session. `python -m tests.copies` is such a process: it takes orders, a line
of JSON each, and ends with whoever gives them.
"""

import json
import os
import runpy
import signal
import subprocess
import sys
import time
import weakref
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# What a worker or a command of the suite has loaded before it does anything.
LOADED = ("lms.celery", "celery.apps.worker", "celery.bin.worker", "celery.concurrency.prefork")


class Copy:
    """A program that was started; it is the child of another process, which knows how it ended."""

    def __init__(self, source: "Source", pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._source = source

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._source.order({"poll": self.pid})
        return self.returncode

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)

    def wait(self, timeout: float = 60) -> int:
        """Return how it ended; one that is still there when the time is over is killed."""
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                os.killpg(self.pid, signal.SIGKILL)
                raise AssertionError(f"still running after {timeout:.0f} s")
            time.sleep(0.01)
        return code


class Source:
    """The loaded process; it ends when nobody holds this object any more."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.copies"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        weakref.finalize(self, self._process.communicate)

    def start(self, *arguments: str, output: Path, errors: Path) -> Copy:
        """Start what `python …` would, with what it prints in these files."""
        told = {"arguments": arguments, "output": str(output), "errors": str(errors)}
        return Copy(self, self.order(told))

    def order(self, told: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def carry_out_orders() -> dict[str, Any] | None:
    """Answer each order; return the one to carry out in the copy, and nothing in the end."""
    # Not through sys.stdin: a copy would find there what was read ahead.
    with os.fdopen(os.dup(0), "rb", buffering=0) as orders, os.fdopen(os.dup(1), "wb") as answers:
        while line := orders.readline():
            told = json.loads(line)
            if "arguments" in told:
                answer = os.fork()
                if answer == 0:
                    return told
                # Here as well: an order to kill the group may come before the copy leads it.
                os.setpgid(answer, answer)
            else:
                answer = _ended(told["poll"])
            answers.write(json.dumps(answer).encode() + b"\n")
            answers.flush()
    return None


def _ended(copy: int) -> int | None:
    """Return how a copy ended; None while it runs."""
    pid, status = os.waitpid(copy, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if pid else None


def become(arguments: list[str], output: str, errors: str) -> None:
    """Be the program from here on, as if Python had just begun with it."""
    os.setpgid(0, 0)
    for number, name, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, output, os.O_WRONLY | os.O_CREAT | os.O_APPEND),
        (2, errors, os.O_WRONLY | os.O_CREAT | os.O_APPEND),
    ):
        opened = os.open(name, flags, 0o644)
        os.dup2(opened, number)
        os.close(opened)
    kind, *rest = arguments
    if kind == "-c":
        exec(rest[0], {"__name__": "__main__"})  # noqa: S102 (as `python -c` does)
    elif kind == "-m":
        sys.argv = rest
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        runpy.run_path(kind, run_name="__main__")


def main() -> None:
    import django
    from django.utils.module_loading import autodiscover_modules

    django.setup()
    autodiscover_modules("tasks")
    for name in LOADED:
        import_module(name)
    if told := carry_out_orders():
        become(**told)


if __name__ == "__main__":
    main()
