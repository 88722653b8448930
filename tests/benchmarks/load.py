"""The load client: `wrk`, which takes almost nothing of the processor from the server it asks.

A client in Python needs as long for one answer as an empty view, and so halves the floor.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measures import NotMeasurableError

SCRIPT = Path(__file__).with_name("load.lua")
SECONDS = 2
TIMEOUT_SECONDS = 30
REPORT = re.compile(
    r"^load: requests=(?P<requests>\d+) microseconds=(?P<microseconds>\d+) median=(?P<median>\d+)"
    r" unexpected=(?P<unexpected>\d+) example=(?P<example>\d+) broken=(?P<broken>\d+)$",
    re.MULTILINE,
)
MISSING = (
    "the load client wrk is missing. Install it: `apt-get install wrk` (Debian, Ubuntu), "
    "`brew install wrk` (macOS)"
)


@dataclass(frozen=True)
class Visit:
    """One browser session's request: a GET, or with a body the POST of a form."""

    cookies: str
    body: str = ""


@dataclass(frozen=True)
class Load:
    """What wrk saw; `median` is how long one answer took, in seconds."""

    requests: int
    seconds: float
    median: float

    @property
    def seconds_per_request(self) -> float:
        return self.seconds / self.requests


def put_load(
    *,
    url: str,
    visits: Sequence[Visit],
    connections: int,
    expected: int = 200,
    seconds: int = SECONDS,
) -> Load:
    """Ask for so many seconds over so many kept connections, with the visits in turn.

    Raises NotMeasurableError without wrk, AssertionError unless each answer is as expected.
    """
    wrk = shutil.which("wrk")
    if wrk is None:
        raise NotMeasurableError(MISSING)
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
        file.writelines(f"{visit.cookies}\t{visit.body}\n" for visit in visits)
        file.flush()
        command = [wrk, f"-t{min(connections, 2)}", f"-c{connections}", f"-d{seconds}s"]
        command += ["--timeout", f"{TIMEOUT_SECONDS}s", "-s", str(SCRIPT), url, "--"]
        done = subprocess.run(
            [*command, str(expected), file.name],
            capture_output=True,
            text=True,
            timeout=seconds + 2 * TIMEOUT_SECONDS,
            check=False,
        )
    if done.returncode:
        raise AssertionError(f"wrk on {url}: {done.stderr or done.stdout}")
    return read_report(done.stdout, what=url, expected=expected)


def read_report(output: str, *, what: str, expected: int) -> Load:
    """Read the line of load.lua; raise AssertionError when an answer was wrong or is missing."""
    found = REPORT.search(output)
    if found is None:
        raise AssertionError(f"{what}: no report in what wrk says: {output}")
    said = {name: int(number) for name, number in found.groupdict().items()}
    if said["unexpected"] or said["broken"]:
        raise AssertionError(
            f"{what}: of {said['requests']} answers {said['unexpected']} were not {expected} "
            f"(such as {said['example']}), {said['broken']} requests broke off"
        )
    if not said["requests"]:
        raise AssertionError(f"{what}: not one answer")
    return Load(
        requests=said["requests"],
        seconds=said["microseconds"] / 1e6,
        median=said["median"] / 1e6,
    )
