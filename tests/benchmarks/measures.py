"""One line of the table and its aims: a missed one is marked, and the bench then fails."""

import operator
from collections.abc import Mapping
from dataclasses import dataclass, field

#: What begins and ends transactions asks nothing.
NO_QUERIES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")
COMPARISONS = {"<": operator.lt, "<=": operator.le, ">=": operator.ge}
HEAD = (
    f"{'what':<48} {'measured':>12}   {'floor':<34} {'':>12}   {'ratio':>7}   aim (MISSED: not met)"
)


class NotMeasurableError(Exception):
    """Say why a part could not be measured here, and what to do about it."""


@dataclass(frozen=True)
class Aim:
    """A bound on one figure of a measure, which is named by its unit; "x" is the ratio."""

    comparison: str
    number: float
    unit: str

    def __str__(self) -> str:
        return f"{self.comparison} {self.number:g}{'' if self.unit == 'x' else ' '}{self.unit}"

    def is_met(self, figure: float) -> bool:
        # Not a number compares with nothing, and so meets nothing.
        return bool(COMPARISONS[self.comparison](figure, self.number))


@dataclass(frozen=True)
class Measure:
    """What was measured, its floor, how far apart they are and how far they may be.

    `figures` holds, by unit, what else the aims speak of.
    """

    name: str
    value: str
    floor_name: str
    floor: str
    ratio: float
    aims: tuple[Aim, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def missed(self) -> list[Aim]:
        figures = {"x": self.ratio, **self.figures}
        return [aim for aim in self.aims if not aim.is_met(figures[aim.unit])]

    def line(self) -> str:
        aims = ", ".join(f"{aim} MISSED" if aim in self.missed else str(aim) for aim in self.aims)
        return (
            f"{self.name:<48} {self.value:>12}   {self.floor_name:<34} {self.floor:>12}   "
            f"{self.ratio:>6.1f}x   {aims}"
        ).rstrip()
