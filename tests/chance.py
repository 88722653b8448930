"""What chance decides in a test run: the order, the random numbers, the examples of hypothesis.

A run of pytest takes all of it from the commit, so the same commit has the same verdict.
`make fuzz` takes it from seeds of its own and searches further (`tests/fuzz.py`); rows that no
query orders come in a random order there, as PostgreSQL may give them one day.
"""

import random
import subprocess
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

from django.db.models.sql.compiler import SQLCompiler
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

Case = TypeVar("Case")
ROOT = Path(__file__).resolve().parents[1]
SEARCH = "search"
# As hypothesis has it.
EXAMPLES = 100
# A busy machine is no fault of the code.
_UNHURRIED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "database": None}


def register_profiles() -> None:
    """Let hypothesis take its examples from the code of each test, and `search` from its seed."""
    settings.register_profile("commit", derandomize=True, max_examples=EXAMPLES, **_UNHURRIED)
    # Said, because hypothesis is derandomised wherever CI is set.
    settings.register_profile(
        SEARCH, derandomize=False, max_examples=10 * EXAMPLES, print_blob=True, **_UNHURRIED
    )
    settings.load_profile("commit")


def commit_seed() -> int:
    """Return a number of 32 bits that is the same wherever this commit is checked out."""
    command = ["git", "rev-parse", "HEAD^{tree}"]
    try:
        tree = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        # An archive without git.
        return crc32(b"".join(path.read_bytes() for path in sorted(ROOT.glob("*/**/*.py"))))
    return int(tree[:8], 16)


def fewer_examples(number: int) -> settings:
    """Ask a property test that works on the database for `number` examples, or more in a search.

    The database of the test is one for all examples: each undoes what it has done.
    """
    return settings(
        max_examples=number * settings.default.max_examples // EXAMPLES,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def some_of(cases: Iterable[Case], *, step: int, turn: int) -> list[Case]:
    """Return each `step`-th case from that of this turn on; in a search all of them.

    As many turns as the step ask every case once. Where cases are a product, the step must not divide how
    many of them one value is followed by: each value comes in each turn.
    """
    step = 1 if settings.default.max_examples > EXAMPLES else step
    return list(islice(cases, turn % step, None, step))


def look_at_no_constants() -> None:
    """Let hypothesis put nothing into examples that stands in our modules.

    It takes what is loaded at that moment: examples would hang on how tests are dealt out to processes.
    """
    none = providers._local_constants
    providers._get_local_constants = lambda: none


def shuffle_rows() -> None:
    """Give the rows of a query that orders none in a random order, by the seed of the test."""
    ordered, read = SQLCompiler.get_order_by, SQLCompiler.results_iter

    def get_order_by(compiler: SQLCompiler) -> Any:
        compiler.suite_orders = ordered(compiler)
        return compiler.suite_orders

    def results_iter(compiler: SQLCompiler, *given: Any, **named: Any) -> Iterator[Any]:
        rows = read(compiler, *given, **named)
        if compiler.suite_orders:
            return rows
        shuffled = list(rows)
        random.shuffle(shuffled)
        return iter(shuffled)

    SQLCompiler.get_order_by, SQLCompiler.results_iter = get_order_by, results_iter
