"""`make bench`: what the main jobs cost here, each figure as a ratio to a floor of the same round.

Demo data on PostgreSQL that writes each commit to the disk, the production web server. The
machine's noise is in every absolute figure; the ratios are what one compares. Ends with 1 when
an aim is missed or a part could not be measured; docs/benchmarks.md says how to read it.
"""

import argparse
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks.measures import HEAD, Measure, NotMeasurableError

ROOT = Path(__file__).resolve().parents[2]
# In this order: the roster comes first, while the peak of memory is still its own.
PARTS = {
    "roster": "tests.benchmarks.lists.roster",
    "lesson": "tests.benchmarks.pages.lesson",
    "pages": "tests.benchmarks.pages.pages",
    "phones": "tests.benchmarks.slow_phones.slow_phones",
    "login": "tests.benchmarks.pages.log_in",
    "completion": "tests.benchmarks.jobs.district_page",
    "roll": "tests.benchmarks.jobs.roll_call",
    "marks": "tests.benchmarks.marks.single_marks",
    "hours": "tests.benchmarks.hours.hours",
    "grid": "tests.benchmarks.grid.grid",
    "quizzes": "tests.benchmarks.quizzes.handing_in",
    "certificates": "tests.benchmarks.jobs.certificates",
    "planning": "tests.benchmarks.reminders.planning",
    "sending": "tests.benchmarks.reminders.sending",
    "hanging": "tests.benchmarks.hanging.hanging",
    "wire": "tests.benchmarks.budgets.page_budgets",
    # Last: all others measure without these people.
    "country": "tests.benchmarks.completion.country",
    "search": "tests.benchmarks.search.search",
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--people", type=int, default=50_000, help="that the country has")
    asked = parser.parse_args(arguments)
    named, os.environ["BENCH_PEOPLE"] = asked.parts, str(asked.people)
    if unknown := set(named) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    chosen = [name for name in PARTS if name in named or not named]
    # Either unwinds the stack: the servers stop and the folder goes.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="suite-bench-") as folder:
        os.environ["SUITE_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
        os.environ["CELERY_BROKER_URL"] = "memory://"
        _prepare()
        from django.utils.module_loading import import_string

        return measure({name: import_string(PARTS[name]) for name in chosen})


def measure(parts: dict[str, Callable[[], list[Measure]]]) -> int:
    """Print each line as soon as it is measured; return the exit code."""
    _say(HEAD)
    missed: list[str] = []
    unmeasured: list[str] = []
    for name, part in parts.items():
        try:
            measures = part()
        except NotMeasurableError as error:
            _say(f"{name}: NOT MEASURED, {error}")
            unmeasured.append(name)
            continue
        for one in measures:
            _say(one.line())
            missed += [f"{one.name}: {aim}" for aim in one.missed]
    if missed:
        _say(f"\nMISSED {len(missed)}: {'; '.join(missed)}")
    if unmeasured:
        _say(f"\nNOT MEASURED: {', '.join(unmeasured)}")
    return 1 if missed or unmeasured else 0


def _prepare() -> None:
    import django

    _say(_require_durable(), file=sys.stderr)
    _say("Preparing demo data …", file=sys.stderr)
    # In processes of their own: the peak of memory is told of what is measured.
    for command in (("migrate", "-v0"), ("collectstatic", "-v0", "--noinput"), ("load_demo",)):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, stdout=sys.stderr, check=True
        )
    # Not before: whoever asks for the static files remembers those that were there.
    django.setup()
    logging.disable(logging.INFO)


def _require_durable() -> str:
    """Name the server; without fsync every figure that writes would be too good to be true."""
    from django.db import connection

    if connection.vendor != "postgresql":
        raise SystemExit("The bench measures on PostgreSQL: make bench")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        fsync, commit = cursor.fetchone()
    if "off" in {fsync, commit}:
        raise SystemExit(f"PostgreSQL with fsync {fsync}, synchronous_commit {commit}: both be on")
    server = f"PostgreSQL {connection.pg_version // 10_000} with fsync"
    return f"{server}, {os.cpu_count()} cores, {sys.executable}: Python {sys.version}"


def _say(text: str, file: object = None) -> None:
    print(text, file=file, flush=True)


if __name__ == "__main__":
    sys.exit(main())
