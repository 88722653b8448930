"""One child process: its own process group, its output in a log file."""

import os
import re
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

# What the terminal shows of a child's output; the log file has every line.
IMPORTANT: Final = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b|^Traceback|^\w*Error: ")
# Run in front of a command on Linux: the kernel then sends SIGTERM (15) to it when the
# supervisor is killed and cannot stop it any more (1 is PR_SET_PDEATHSIG).
DIE_WITH_PARENT: Final = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 15); os.execvp(sys.argv[1], sys.argv[1:])"
)
LAST_LINES: Final = 12


@dataclass(frozen=True)
class ChildSpec:
    """What to start and how long it may take to finish its work when asked to stop."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    log_path: Path
    stop_seconds: float = 10


class Child:
    """A started `ChildSpec`.

    It leads a process group of its own, so that Ctrl-C in the terminal reaches the
    supervisor alone, which then stops the children in order.
    """

    def __init__(self, spec: ChildSpec, show: Callable[[str], None]) -> None:
        self.spec = spec
        self.last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self.said_everything = False
        self._show = show
        self._rest = b""
        self._log: IO[bytes] = spec.log_path.open("ab")
        self._process = subprocess.Popen(  # noqa: S603 - the command is the suite's own
            (*_prefix(), *spec.command),
            env=dict(spec.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            start_new_session=True,
        )
        if self._process.stdout is None:
            raise RuntimeError("A child's output is always a pipe.")
        self.output = self._process.stdout
        os.set_blocking(self.output.fileno(), False)

    @property
    def pid(self) -> int:
        return self._process.pid

    def exit_code(self) -> int | None:
        """The code it ended with (negative: the signal), or None while it runs."""
        return self._process.poll()

    def terminate(self) -> None:
        """Ask the main process to finish what it is doing and to stop."""
        if self.exit_code() is None:
            self._process.terminate()

    def kill_group(self) -> None:
        """End whatever is left of the child and its own children, at once."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def wait(self) -> None:
        """Collect the exit code of a child that has been told to end."""
        self._process.wait()

    def read_output(self) -> bool:
        """Copy what has been written so far; False when there is nothing more for now."""
        # Unbuffered and not blocking: None means "not yet", no bytes means "never again".
        chunk = self.output.read(65536)
        if not chunk:
            self.said_everything = chunk is not None
            return False
        self._log.write(chunk)
        self._log.flush()
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            self._take_line(line.decode(errors="replace").rstrip())
        return True

    def close(self) -> None:
        """Read the last words of a child that has ended and let go of its files."""
        while self.read_output():
            continue
        self._take_line(self._rest.decode(errors="replace"))
        self.output.close()
        self._log.close()

    def _take_line(self, line: str) -> None:
        if not line:
            return
        self.last_lines.append(line)
        if IMPORTANT.search(line):
            self._show(f"{self.spec.name} | {line}")


def _prefix() -> tuple[str, ...]:
    return (sys.executable, "-IS", "-c", DIE_WITH_PARENT) if sys.platform == "linux" else ()
