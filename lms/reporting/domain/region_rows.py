"""The rows of a report whose rows are whole provinces or districts, of kept sums: what it takes does not
grow with the people, and hardly with the communes.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, partial
from typing import Any, Final

from courses.models import Programme
from lms.accounts.models import User
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.counting import Figures
from lms.reporting.domain.goals import Goal, Goals
from lms.reporting.domain.narrowing import Narrowing
from lms.reporting.domain.placing import place_of
from lms.reporting.domain.queries import NO_UNIT
from lms.reporting.domain.region_figures import (
    RegionFigures,
    RegionQuestion,
    read_figures,
    sums_hold,
)
from lms.reporting.domain.region_queries import (
    KEPT_COMMUNES,
    LATEST_PLACES,
    ROWS,
    ROWS_TWICE,
)
from lms.reporting.domain.remembered import Remembered
from lms.reporting.domain.rows import Row, latest_first, place_alone
from lms.reporting.domain.tally_sums import KNOWN, STATES
from lms.reporting.enums import Beyond
from lms.reporting.models import TallyPlace

_STEP: Final = AdministrativeUnit.steplen
#: What a row tells of its communes, by what is added up of them.
_FLAGS: Final = {
    "communes_reached": "is_reached",
    "communes_done": "is_done",
    "communes_unreached": "is_unreached",
    "communes_ahead": "is_ahead",
}


_CLEAN_ROWS: Final[Remembered[list[Any]]] = Remembered()


@dataclass(frozen=True)
class Regions:
    """`top`: the unit whose children the rows are, its office the first of them; None for provinces. People
    who stand on no unit of the map are the last rows.
    `to_look_at`: the latest commune of either kind of each row, and `NAMED` of it where nobody is in any class.
    """

    top: AdministrativeUnit | None
    rows: list[Row]
    to_look_at: list[Row]


@dataclass(frozen=True)
class _Communes:
    """The communes below the regions that are asked for, each row by the path of its region."""

    asked: RegionQuestion
    told: RegionFigures
    rows: Mapping[str, Row]

    @cached_property
    def _of_rows(self) -> list[tuple[Any, ...]]:
        """Each row by its path: how many kept communes it has, and the ids of the latest of these; one query at most.

        What is known of a region in which no commune has changed is remembered.
        """
        dirty = {self.region_of(unit.path) for unit, _figures in self.changed()}
        clean, again = self._rows_of([unit.pk for unit in self.asked.regions if unit.path in dirty])
        return [*(one for one in clean if one[0] not in dirty), *again]

    def _rows_of(self, dirty: list[int]) -> tuple[list[Any], list[Any]]:
        """Return the rows as if nothing had changed, and those of the `dirty` regions anew."""
        asked = self.asked
        shape = self.depth, asked.cadre
        values: dict[str, Any] = {
            "programme": asked.programme.pk,
            "course": asked.course,
            "edition": asked.edition.pk,
        }
        regions = [one.pk for one in asked.regions]
        question = (asked.version, *shape, *values.values(), *regions)
        clean = _CLEAN_ROWS.known(question)
        if clean is not None:
            again = {"regions": dirty, "changed": self._changed}
            return clean, ROWS.ask(*shape, **values, **again) if dirty else []
        if not dirty:
            rows = ROWS.ask(*shape, **values, regions=regions, changed=[NO_UNIT])
            return _CLEAN_ROWS.remember(question, rows), []
        both = ROWS_TWICE.ask(*shape, **values, regions=regions, dirty=dirty, changed=self._changed)
        told: tuple[list[Any], list[Any]] = [], []
        for is_again, *row in both:
            told[is_again].append(tuple(row))
        return _CLEAN_ROWS.remember(question, told[0]), told[1]

    @property
    def numbers(self) -> dict[str, int]:
        """How many of the kept communes each row has."""
        return {path: number for path, number, *_latest in self._of_rows}

    def latest(self) -> list[TallyPlace]:
        """Return the latest of the kept communes of each row; one query."""
        units = [pk for _path, _number, *latest in self._of_rows for pk in latest if pk]
        return LATEST_PLACES.ask(
            self.asked.cadre,
            programme=self.asked.programme.pk,
            course=self.asked.course,
            units=units,
        )

    @property
    def depth(self) -> int:
        """How long the paths of all regions are."""
        return len(next(iter(self.rows)))

    def region_of(self, path: str) -> str:
        """Return the path of the region in which a unit lies."""
        return path[: self.depth]

    def row_of(self, path: str) -> Row:
        return self.rows[self.region_of(path)]

    def changed(self) -> list[tuple[AdministrativeUnit, Figures]]:
        """Return those whose kept figures do not hold, with what is counted."""
        found = self.told.changed.items()
        return [(unit, figures) for unit, figures in found if unit.level == Level.COMMUNE]

    def kept(self, paths: Collection[str]) -> Iterator[tuple[str, int, int]]:
        """Return of each of the others in the regions at these paths its own path, its people and how many
        completed; one query at most.
        """
        asked = self.asked
        told = KEPT_COMMUNES.ask(
            asked.version,
            self.depth,
            asked.cadre,
            asked.top.path if asked.top else "",
            tuple(paths),
            programme=asked.programme.pk,
            course=asked.course,
            edition=asked.edition.pk,
        )
        changed = {unit.path for unit, _figures in self.changed()}
        return (one for one in told if one[0] not in changed)

    @property
    def _changed(self) -> list[int]:
        return [unit.pk for unit, _figures in self.changed()]


def read_regions(
    *,
    programme: Programme,
    edition: BoundaryEdition,
    on: date,
    reader: User,
    parent: AdministrativeUnit | None,
    cadres: Collection[str] | None,
    narrowing: Narrowing,
    goals: Goals,
) -> Regions | None:
    """Return the rows below `parent`, or at the top of the map, with their communes counted; None where
    these are no whole regions of the reader's, or sums do not tell what is asked, or not sooner.
    """
    # Nothing but communes lies below a district.
    if parent is not None and parent.level != Level.PROVINCE:
        return None
    of_whom: dict[str, Any] = {"reader": reader, "cadres": cadres, "narrowing": narrowing}
    holding = sums_hold(programme=programme, on=on, parent=parent, **of_whom)
    if holding is None:
        return None
    top, regions = _regions(edition, parent, reader)
    # Of what the regions lie in the office is told as well.
    shown = regions if top is None else [top, *regions]
    if not regions or any(_is_no_region(unit, reader) for unit in shown):
        return None
    asked = RegionQuestion(
        programme=programme,
        edition=edition,
        on=on,
        reader=reader,
        cadres=cadres,
        narrowing=narrowing,
        top=top,
        regions=tuple(regions),
        version=holding.version,
    )
    told = read_figures(asked, holding.stale)
    return None if told is None else _lay_out(asked, told, goals, has_beyond=parent is None)


def _lay_out(
    asked: RegionQuestion, told: RegionFigures, goals: Goals, *, has_beyond: bool
) -> Regions:
    top = asked.top
    rows = {
        unit.path: Row(unit=unit, figures=told.regions.get(unit.pk, Figures()))
        for unit in asked.regions
    }
    communes = _Communes(asked, told, rows)
    _count_communes(communes, goals)
    to_look_at = _latest(communes, goals)
    office = [] if top is None else [place_alone(top, told.regions.get(top.pk, Figures()), goals)]
    beyond = beyond_rows(told.beyond) if has_beyond else []
    return Regions(top, [*office, *rows.values(), *beyond], to_look_at)


def beyond_rows(placed: Mapping[int, Figures]) -> list[Row]:
    """Return those who stand on no unit of this map in the reader's area, each reason by itself."""
    found = {beyond: placed.get(place_of(beyond), Figures()) for beyond in Beyond}
    return [
        Row(unit=None, beyond=beyond, figures=figures, goal=Goal(people=figures.people))
        for beyond, figures in found.items()
    ]


def _regions(
    edition: BoundaryEdition, parent: AdministrativeUnit | None, reader: User
) -> tuple[AdministrativeUnit | None, list[AdministrativeUnit]]:
    """Return the unit whose children are shown, if any, and these; at most two queries."""
    units = edition.units.order_by("path")
    if parent is not None:
        return parent, list(units.filter(path__startswith=parent.path, depth=parent.depth + 1))
    if reader.scope.everywhere:
        provinces = list(units.filter(level=Level.PROVINCE))
        return _regions(edition, provinces[0], reader) if len(provinces) == 1 else (None, provinces)
    own = list(units.filter(reader.scope.roots_q(), depth__lte=2))
    provinces = [unit for unit in own if unit.level == Level.PROVINCE]
    if len(provinces) == 1:
        return provinces[0], [unit for unit in own if unit not in provinces]
    return None, provinces


def _is_no_region(unit: AdministrativeUnit, reader: User) -> bool:
    return unit.level == Level.COMMUNE or not reader.scope.covers(unit.path)


def _count_communes(communes: _Communes, goals: Goals) -> None:
    """Tell each row how many communes it has, of which kinds, and what they want together."""
    for path, number in communes.numbers.items():
        row = communes.rows[path]
        told = partial(communes.told.count, row.unit)
        row.communes, row.communes_unknown = number, number - told(KNOWN)
        for name, flag in _FLAGS.items():
            setattr(row, name, told(flag))
    for row in communes.rows.values():
        row.goal = Goal(people=row.figures.people)
    _compare_communes(communes, goals)
    for unit, figures in communes.changed():
        alone = place_alone(unit, figures, goals)
        row = communes.row_of(unit.path)
        row.add_commune(alone)
        row.goal += _in_place_of(figures, alone.goal)
    for unit in communes.asked.regions:
        row = communes.rows[unit.path]
        row.goal = goals.of_unit(unit, below=row.goal)


def _compare_communes(communes: _Communes, goals: Goals) -> None:
    """Compare each commune of a region that targets say anything of with its own, in place of its posts; how
    many completed in the one where the fewest did is asked for by targets alone.
    """
    concerned = goals.concerned(communes.rows)
    if not concerned:
        return
    for path in concerned:
        communes.rows[path].communes_done = 0
    is_reached = cache(goals.is_reached_without_own)
    for path, people, done in communes.kept(concerned):
        row = communes.row_of(path)
        row.add_fewest(done)
        # Most communes have no target of their own: what their region wants stays as it is, and what is said of
        # one holds for all of the same district and as many people.
        if path not in goals.targets:
            row.communes_done += is_reached(path[:-_STEP], people, done)
            continue
        goal = goals.of_path(path, below=Goal(people=people))
        if goal.is_set:
            row.goal += Goal(people=goal.people - people, is_set=True)
        row.communes_done += goal.is_reached(completed=done, fewest=done)


def _in_place_of(figures: Figures, goal: Goal) -> Goal:
    """Return what is added to the posts of a region where a commune has a goal instead of its own."""
    return Goal(people=goal.people - figures.people, is_set=goal.is_set)


def _latest(communes: _Communes, goals: Goals) -> list[Row]:
    """Return the communes to look at first, and set the first of each row; one query."""
    named = {
        place.unit: Figures(**{state: getattr(place, state) for state in STATES})
        for place in communes.latest()
    }
    below: dict[str, list[Row]] = {path: [] for path in communes.rows}
    # In the order of the map, which decides between equals.
    for unit, figures in sorted((*named.items(), *communes.changed()), key=lambda one: one[0].path):
        region = communes.row_of(unit.path).unit
        alone = replace(place_alone(unit, figures, goals), district=region)
        below[communes.region_of(unit.path)].append(alone)
    for path, found in below.items():
        communes.rows[path].latest = next(iter(latest_first(found)), None)
    return latest_first(one for found in below.values() for one in found)
