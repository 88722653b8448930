"""What the tests reached: `python -m tests.coverage FILE…`, files that slipcover wrote.

Ends with an error when a rule has a line or a branch that no test reached, or when too much
is unreached in all.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from slipcover import Slipcover, merge_coverage

LEAST_PERCENT = 95
# Every line and branch of these.
RULES = "/domain/"


def keep_counters() -> None:
    """Let SlipCover leave its counters in the code.

    Before Python 3.12 it takes some out whenever one has counted fifty times, and walks through
    every function of every module for it: that cost more than all the counting.
    """
    if hasattr(Slipcover, "deinstrument_seen"):
        Slipcover.deinstrument_seen = lambda _self: None


def unreached(file: dict[str, Any]) -> str:
    """Return the lines, and the branches between lines, that were not run: `12, 14->16`."""
    branches = (f"{start}->{end or 'exit'}" for start, end in file["missing_branches"])
    return ", ".join([*map(str, file["missing_lines"]), *branches])


def percent(files: Iterable[dict[str, Any]]) -> float:
    """Return the share of lines and branches that were run; 0 when there are none."""
    covered = missing = 0
    for summary in (file["summary"] for file in files):
        covered += summary["covered_lines"] + summary["covered_branches"]
        missing += summary["missing_lines"] + summary["missing_branches"]
    return 100 * covered / (covered + missing) if covered else 0.0


def verdict(files: dict[str, dict[str, Any]]) -> str:
    """Return what is wrong with what the tests reached of these files; empty when nothing is."""
    rules = [file for name, file in files.items() if RULES in name]
    if not rules or any(unreached(file) for file in rules):
        return "A rule has lines or branches that no test reaches."
    if percent(files.values()) < LEAST_PERCENT:
        return f"At least {LEAST_PERCENT} % are asked for."
    return ""


def main(names: list[str]) -> str:
    """Print what was not reached and the share that was; return what is wrong with it."""
    merged, *others = (json.loads(Path(name).read_text()) for name in names)
    for other in others:
        merge_coverage(merged, other)
    files = merged["files"]
    lines = [
        f"{name}: {unreached(file)}" for name, file in sorted(files.items()) if unreached(file)
    ]
    sys.stdout.write("\n".join([*lines, f"{percent(files.values()):.1f} % in all", ""]))
    return verdict(files)


if __name__ == "__main__":
    # A text is printed and ends with an error; None does neither.
    sys.exit(main(sys.argv[1:]) or None)
