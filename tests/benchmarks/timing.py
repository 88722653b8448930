"""How long things take here: medians, and always beside a floor measured in the same run."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One line of the table: what was measured, its floor, and how far apart they may be."""

    name: str
    value: str
    floor_name: str
    floor: str
    ratio: float
    aim: str

    def line(self) -> str:
        return (
            f"{self.name:<44} {self.value:>12}   {self.floor_name:<34} {self.floor:>12}   "
            f"{self.ratio:>6.1f}x   {self.aim}"
        )


def median_seconds(job: Callable[[], object], *, rounds: int, warm_up: int = 2) -> float:
    """The median of `rounds` runs in seconds, after some that are not counted."""
    for _ in range(warm_up):
        job()
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        job()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
