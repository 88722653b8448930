"""What a place is compared with: its target, or whoever should be trained there, and when it is done.

A target counts on the map of its programme, for the cadre that it names. A place without one is
compared with what its communes have as targets, and where they have none with the people whom the
programme has to train. The threshold is that of the nearest target, of the place or of a unit above.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from courses.models import Programme
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.queries import required_courses
from lms.reporting.domain.thresholds import Threshold
from lms.reporting.enums import TargetUse
from lms.reporting.models import CoverageTarget

EVERYBODY = Threshold(percent=100)


@dataclass(frozen=True)
class Goal:
    """How many people of a place are wanted, and when it counts as done.

    `is_set`: some of the number comes from targets, not from the posts alone; `has_threshold`: it
    was set when the place is done, and not everybody is asked.
    """

    people: int = 0
    threshold: Threshold = EVERYBODY
    is_set: bool = False
    has_threshold: bool = False

    @property
    def is_by_target(self) -> bool:
        """Whether a person has set the number, or when the place is done."""
        return self.is_set or self.has_threshold

    def __add__(self, other: "Goal") -> "Goal":
        """Return what two places want together; when they are done is not told."""
        return Goal(people=self.people + other.people, is_set=self.is_set or other.is_set)

    def is_reached(self, *, completed: int, fewest: int | None) -> bool:
        """Return whether the place is done; `fewest`: of its communes, the least who completed in
        one. Nought of nought is never done.
        """
        if self.threshold.each_commune is not None:
            return fewest is not None and fewest >= self.threshold.each_commune
        return self.people > 0 and completed >= self._part_of_people

    def wanted(self, *, communes: int) -> int | None:
        """Return how many people must complete for it, in so many communes; None where no number of
        them together tells: each of several communes is judged by itself.
        """
        if self.threshold.each_commune is not None:
            return self.threshold.each_commune if communes == 1 else None
        return self._part_of_people

    @property
    def _part_of_people(self) -> int:
        # Rounded up, in whole numbers: 80 % of 6 people are 5.
        return -(-self.people * (self.threshold.percent or 0) // 100)


@dataclass(frozen=True)
class Target:
    """What is set for a unit; `people` None: whoever holds such a post there."""

    people: int | None
    threshold: Threshold


@dataclass(frozen=True)
class Goals:
    """The targets that hold for a report, by the path of their units."""

    use: TargetUse
    targets: Mapping[str, Target] = field(default_factory=dict)
    #: What holds for units without a target of their own, by the path of the unit above.
    _held: dict[str, Threshold | None] = field(default_factory=dict, compare=False)

    def of_unit(self, unit: AdministrativeUnit, *, below: Goal) -> Goal:
        """Return the goal of a unit; `below`: what its communes and its office want together."""
        return self.of_path(unit.path, below=below)

    def of_path(self, path: str, *, below: Goal) -> Goal:
        """Return the goal of the unit at this path, as `of_unit` does."""
        own = self.targets.get(path)
        people = own.people if own else None
        threshold = self._threshold_of(path)
        return Goal(
            people=below.people if people is None else people,
            threshold=threshold or EVERYBODY,
            is_set=people is not None or below.is_set,
            has_threshold=threshold is not None,
        )

    def is_reached_without_own(self, above: str, people: int, completed: int) -> bool:
        """Return whether a commune below the unit at this path is done that has no target of its own."""
        goal = Goal(people=people, threshold=self._threshold_of(above) or EVERYBODY)
        return goal.is_reached(completed=completed, fewest=completed)

    def concerned(self, paths: Collection[str]) -> list[str]:
        """Return those of some paths of one length that have a target, or one above or below them."""
        length = len(next(iter(paths)))
        held = {path[:length] for path in self.targets}
        lengths = range(AdministrativeUnit.steplen, length + 1, AdministrativeUnit.steplen)
        return [path for path in paths if any(path[:one] in held for one in lengths)]

    def _threshold_of(self, path: str) -> Threshold | None:
        """Return the nearest threshold, of the unit itself or of one above."""
        if own := self.targets.get(path):
            return own.threshold
        above = path[: -AdministrativeUnit.steplen]
        if above not in self._held:
            self._held[above] = self._threshold_of(above) if above else None
        return self._held[above]


def read_goals(
    *,
    programme: Programme,
    edition: BoundaryEdition,
    cadres: Collection[str] | None,
    is_narrowed: bool = False,
) -> Goals:
    """Return the targets to compare with; at most two queries.

    `cadres` None: those for everybody whom the programme trains; where a unit has a target for each
    of its cadres instead, their sum. On another map than the programme's, and for a part of a cadre
    (`is_narrowed`), there are none. A threshold of a unit above holds for whoever reads of one below.
    """
    if is_narrowed or edition.pk != programme.edition_id:
        return Goals(TargetUse.ELSEWHERE)
    by_unit: dict[str, dict[str, Target]] = {}
    for target in CoverageTarget.objects.filter(programme=programme).select_related("unit"):
        told = Target(target.people, Threshold(target.percent, target.each_commune))
        by_unit.setdefault(target.unit.path, {})[target.cadre] = told
    if not by_unit:
        return Goals(TargetUse.NONE_SET)
    trained = cadres or required_courses(programme=programme)
    joined = {path: _joined(of, cadres, trained) for path, of in by_unit.items()}
    held = {path: target for path, target in joined.items() if target}
    return Goals(TargetUse.SET if held else TargetUse.OTHER_CADRES, held)


def _joined(
    of_cadres: Mapping[str, Target], cadres: Collection[str] | None, trained: Collection[str]
) -> Target | None:
    """Return the one target of a unit for these cadres: that for everybody, or those of all cadres
    together; None where it says nothing of them.
    """
    if cadres is None and "" in of_cadres:
        return of_cadres[""]
    asked = [of_cadres[cadre] for cadre in trained if cadre in of_cadres]
    if not asked or len(asked) < len(trained):
        return None
    numbers = [target.people for target in asked if target.people is not None]
    thresholds = {target.threshold for target in asked}
    return Target(
        people=sum(numbers) if len(numbers) == len(asked) else None,
        threshold=thresholds.pop() if len(thresholds) == 1 else EVERYBODY,
    )
