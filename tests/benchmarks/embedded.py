"""The roster and the search once more on SQLite, in a process and a folder of their own."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.measures import Aim, Measure

ROOT = Path(__file__).resolve().parents[2]


def embedded() -> list[Measure]:
    """Measure what the embedded default's database does with the same lists and people."""
    with tempfile.TemporaryDirectory(prefix="suite-bench-") as folder:
        environment = {**os.environ, "SUITE_DATA_DIR": folder}
        del environment["DATABASE_URL"]
        for command in (("migrate", "-v0"), ("load_demo",)):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=environment,
                stdout=sys.stderr,
                check=True,
            )
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.embedded"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        )
    return [_from_plain(plain) for plain in json.loads(done.stdout.splitlines()[-1])]


def _from_plain(plain: dict) -> Measure:
    aims = tuple(Aim(**aim) for aim in plain.pop("aims"))
    return Measure(**{**plain, "name": f"SQLite: {plain['name']}"}, aims=aims)


def _measure_here() -> None:
    import logging

    import django

    django.setup()
    logging.disable(logging.INFO)
    from tests.benchmarks.lists import roster
    from tests.benchmarks.search import search

    sys.stdout.write(json.dumps([asdict(one) for one in (*roster(), *search())]))


if __name__ == "__main__":
    _measure_here()
