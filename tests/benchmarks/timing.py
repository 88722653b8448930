"""How long things take here: medians, and always beside a floor measured in the same rounds."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

ROUNDS = 3
VISITS, VISITS_A_FLOOR = 100, 5


@dataclass(frozen=True)
class Pair:
    """Medians of a job and its floor; `ratio` is the median of the rounds' own ratios."""

    job: float
    floor: float
    ratio: float


def in_turns(
    job: Callable[[], float], floor: Callable[[], float], *, rounds: int = ROUNDS, warm_up: int = 1
) -> Pair:
    """Measure both by turns, so that the machine's noise falls on the one as on the other.

    Each call returns what it measured, in a unit where more is slower.
    """
    for _ in range(warm_up):
        job()
        floor()
    return median_of([(job(), floor()) for _ in range(rounds)])


def median_of(rounds: Sequence[tuple[float, float]]) -> Pair:
    """Sum up what each round measured of the job and of its floor."""
    return Pair(
        job=statistics.median(job for job, _floor in rounds),
        floor=statistics.median(floor for _job, floor in rounds),
        ratio=statistics.median(job / floor for job, floor in rounds),
    )


def timed(job: Callable[[], object]) -> Callable[[], float]:
    """Turn the job into one that returns the seconds it took."""

    def run() -> float:
        begun = time.perf_counter()
        job()
        return time.perf_counter() - begun

    return run


@dataclass(frozen=True)
class Visits:
    """What a page took beside a floor, and the 95th of a hundred, in milliseconds."""

    floor_name: str
    pair: Pair
    p95: float

    @classmethod
    def of(cls, job: Callable[[], float], floor: tuple[str, Callable[[], float]]) -> "Visits":
        """Visit a hundred times; the floor is asked at every fifth visit, since it may take longer."""
        job()
        floor[1]()
        taken: list[float] = []
        rounds: list[tuple[float, float]] = []
        for number in range(VISITS):
            taken.append(job())
            if number % VISITS_A_FLOOR == 0:
                rounds.append((taken[-1], floor[1]()))
        pair = replace(median_of(rounds), job=statistics.median(taken))
        return cls(floor[0], pair, statistics.quantiles(taken, n=20)[-1] * 1000)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


def per_second(seconds: float) -> str:
    return f"{1 / seconds:.0f}/s"
