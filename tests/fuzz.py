"""Searches for what a run from the commit's own seed does not meet: `python -m tests.fuzz`.

One process for each core, until the time is up or a test fails. The first asks the property
tests for many examples; the others run every quick test, each round in another order. A round is
one process with one seed, so that it can be repeated to the letter.
"""

import argparse
import os
import random
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass

from tests.chance import ROOT, SEARCH

STOP_SECONDS = 30
# Ids of tests in the short summary; what stands between brackets may hold anything.
_FAILED = re.compile(
    r"^(?:FAILED|ERROR) (\S+?\.py(?:::[^\[\n]+?(?:\[.*?\])?)?)(?: - .*)?$", re.MULTILINE
)
QUICK = "not browser and not process"
SERVICES = ["-m", "tests.services", "--valkey", "--", ".venv/bin/python"]
PROPERTIES = f"{QUICK} and hypothesis"


@dataclass(frozen=True)
class Round:
    """One process of pytest: which tests, and the seed of everything random in it."""

    tests: str
    seed: int

    @property
    def command(self) -> list[str]:
        return [*self._pytest, "-x", "-m", self.tests]

    @property
    def environment(self) -> dict[str, str]:
        """No database named: each process has its own in memory."""
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return {**kept, "PYTHONHASHSEED": str(self.seed)}

    @property
    def _pytest(self) -> list[str]:
        seeds = [f"--randomly-seed={self.seed}", f"--hypothesis-seed={self.seed}"]
        return ["-m", "pytest", "-q", f"--hypothesis-profile={SEARCH}", *seeds]

    def explain(self, output: str) -> str:
        """Say how to repeat a failure: the failed tests alone, or all that ran before as well."""
        alone = [*self._pytest, *_FAILED.findall(output)]
        lines = [
            "",
            f"FAILED with seed {self.seed}. To repeat it alone:",
            self._shown(alone),
            "If it passes alone, it needs what ran before it:",
            self._shown(self.command),
            "An example of hypothesis is repeated by the line @reproduce_failure above its traceback.",
        ]
        return "\n".join(lines)

    def _shown(self, command: list[str]) -> str:
        return f"  PYTHONHASHSEED={self.seed} .venv/bin/python {shlex.join([*SERVICES, *command])}"


class Search:
    """Rounds beside each other until one fails or the time is up."""

    def __init__(self, *, seconds: float) -> None:
        self.ends = time.monotonic() + seconds
        self.rounds = 0
        self.failure: str | None = None
        self._over = threading.Event()
        self._lock = threading.Lock()

    def run(self, selections: list[str]) -> str | None:
        """Return what failed and how to repeat it, or None."""
        lanes = [threading.Thread(target=self._repeat, args=(tests,)) for tests in selections]
        for lane in lanes:
            lane.start()
        try:
            for lane in lanes:
                lane.join()
        finally:
            # Ctrl-C reaches this process alone.
            self._over.set()
        return self.failure

    def _repeat(self, tests: str) -> None:
        while not self._is_over():
            self._take(Round(tests=tests, seed=random.SystemRandom().getrandbits(32)))

    def _is_over(self) -> bool:
        return self._over.is_set() or time.monotonic() > self.ends

    def _take(self, one: Round) -> None:
        with tempfile.TemporaryFile("w+") as output:
            process = subprocess.Popen(
                [sys.executable, *one.command],
                cwd=ROOT,
                env=one.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            while process.poll() is None and not self._is_over():
                time.sleep(0.2)
            ended = process.poll()
            _stop(process)
            with self._lock:
                self.rounds += 1
                if ended and not self._over.is_set():
                    output.seek(0)
                    text = output.read()
                    self.failure = text + one.explain(text)
                    self._over.set()


def _stop(process: "subprocess.Popen[str]") -> None:
    """End a round with what it has started."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    minutes = parser.parse_args().minutes
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    others = max(1, (os.cpu_count() or 1) - 1)
    search = Search(seconds=minutes * 60)
    sys.stdout.write(f"Searching for {minutes:g} minutes …\n")
    sys.stdout.flush()
    failure = search.run([PROPERTIES, *[QUICK] * others])
    sys.stdout.write(f"{failure or f'Nothing found in {search.rounds} rounds.'}\n")
    return 1 if failure else 0


if __name__ == "__main__":
    raise SystemExit(main())
