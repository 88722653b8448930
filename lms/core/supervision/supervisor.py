"""Starts children in order, restarts one that dies, stops them in the opposite order."""

import selectors
import signal
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Final

from lms.core.supervision.children import Child, ChildSpec

POLL_SECONDS: Final = 0.2
STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits, in seconds, and how often it tries."""

    # A child that ends this soon after its first start has a fault that a restart will not mend.
    settled: float = 8
    ready: float = 120
    first_pause: float = 1
    longest_pause: float = 16
    most_deaths: int = 5
    deaths_window: float = 60


class SuiteFailedError(Exception):
    """The suite cannot go on; the message is a sentence for the person at the terminal."""


class Supervisor:
    """Runs the children until a stop signal or until one of them cannot be kept alive.

    One thread and one loop: it reads what the children say, looks whether they live and
    obeys signals. `show` prints one line.
    """

    def __init__(
        self,
        specs: Sequence[ChildSpec],
        show: Callable[[str], None],
        patience: Patience = Patience(),
    ) -> None:
        self._patience = patience
        self._specs = {spec.name: spec for spec in specs}
        self._show = show
        self._children: dict[str, Child] = {}
        self._settled: set[str] = set()
        self._deaths: dict[str, deque[float]] = {name: deque() for name in self._specs}
        self._start_at: dict[str, float] = {}
        self._stop_requests = 0
        self._selector = selectors.DefaultSelector()

    def run(self, is_ready: Callable[[], bool], on_ready: Callable[[], None]) -> None:
        """Return after an orderly stop; raises SuiteFailedError when a child cannot be kept.

        Either way every process that was started has ended.
        """
        previous = {number: signal.signal(number, self._note_stop) for number in STOP_SIGNALS}
        try:
            for spec in self._specs.values():
                self._start(spec)
            if self._wait_until_ready(is_ready):
                on_ready()
            while not self._stop_requests:
                self._step()
        finally:
            self._stop_all()
            self._selector.close()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _note_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_requests += 1

    def _start(self, spec: ChildSpec) -> None:
        child = Child(spec, self._show)
        self._children[spec.name] = child
        self._start_at[spec.name] = time.monotonic()
        self._selector.register(child.output, selectors.EVENT_READ, child)

    def _wait_until_ready(self, is_ready: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + self._patience.ready
        while not self._stop_requests:
            self._step()
            if is_ready():
                return True
            if time.monotonic() > deadline:
                raise SuiteFailedError(
                    f"The suite was not ready within {self._patience.ready:g} seconds."
                    f" See the log files in {next(iter(self._specs.values())).log_path.parent}."
                )
        return False

    def _step(self) -> None:
        """Read output for a moment, then look after children that have ended."""
        self._read_output(POLL_SECONDS)
        for name, spec in self._specs.items():
            child = self._children.get(name)
            if child is None:
                if time.monotonic() >= self._start_at[name]:
                    self._show(f"{name} | starting again")
                    self._start(spec)
            elif child.exit_code() is not None:
                self._bury(child)
            elif time.monotonic() - self._start_at[name] > self._patience.settled:
                self._settled.add(name)

    def _read_output(self, seconds: float) -> None:
        for key, _events in self._selector.select(seconds):
            child: Child = key.data
            child.read_output()
            if child.said_everything:
                self._release(child)

    def _release(self, child: Child) -> None:
        """Close the child's pipe and forget it in the selector; twice does nothing."""
        if not child.output.closed:
            self._selector.unregister(child.output)
            child.close()

    def _bury(self, child: Child) -> None:
        """Clear up after a child that ended unasked and plan its restart, or give up."""
        name, code = child.spec.name, child.exit_code()
        child.kill_group()
        self._release(child)
        del self._children[name]
        if name not in self._settled:
            raise SuiteFailedError(
                "\n".join(
                    [
                        f"The {name} process stopped while starting (exit code {code})."
                        f" Its last lines, all of them are in {child.spec.log_path}:",
                        *(f"  {line}" for line in child.last_lines),
                    ]
                )
            )
        pause = self._pause_after_death(child)
        self._start_at[name] = time.monotonic() + pause
        self._show(f"{name} | stopped (exit code {code}); starting again in {pause:g} s")

    def _pause_after_death(self, child: Child) -> float:
        """How long to wait before the next start; raises when it has died too often."""
        patience, now = self._patience, time.monotonic()
        deaths = self._deaths[child.spec.name]
        deaths.append(now)
        while deaths[0] < now - patience.deaths_window:
            deaths.popleft()
        if len(deaths) >= patience.most_deaths:
            raise SuiteFailedError(
                f"The {child.spec.name} process stopped {len(deaths)} times within"
                f" {patience.deaths_window:g} seconds; giving up. See {child.spec.log_path}."
            )
        return min(patience.first_pause * 2 ** (len(deaths) - 1), patience.longest_pause)

    def _stop_all(self) -> None:
        """Stop the last started first; one stop signal more ends all of them at once."""
        for name in reversed(self._specs):
            if (child := self._children.pop(name, None)) is not None:
                self._stop(child)

    def _stop(self, child: Child) -> None:
        deadline = time.monotonic() + child.spec.stop_seconds
        child.terminate()
        while child.exit_code() is None:
            if time.monotonic() > deadline or self._stop_requests > 1:
                break
            self._read_output(0.05)
        # Also when it ended by itself: a pool process may have outlived its parent.
        child.kill_group()
        child.wait()
        self._release(child)
