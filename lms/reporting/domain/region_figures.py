"""Figures of whole provinces and districts: kept sums, set right where a unit has changed since."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import cached_property

from courses.models import Programme
from lms.accounts.models import User
from lms.core.compiled_queries import CompiledQuery
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.counting import Figures
from lms.reporting.domain.counting_units import count_units
from lms.reporting.domain.kept_figures import Kept
from lms.reporting.domain.kept_regions import KeptRegion, KeptRegions, as_figures, read_kept_regions
from lms.reporting.domain.narrowing import Narrowing
from lms.reporting.domain.placing import Became, place_figures, place_targets, with_targets
from lms.reporting.domain.queries import NO_UNIT
from lms.reporting.domain.remembered import Remembered
from lms.reporting.domain.tally_counting import kept_course
from lms.reporting.domain.tally_keeping import Holding, what_holds
from lms.reporting.domain.tally_reading import MOST_STALE, keeps_all
from lms.reporting.domain.tally_sums import ALL_CADRES, flags_of
from lms.reporting.domain.tally_sums import Sum as SumCell
from lms.reporting.domain.trend import days_asked, first_day
from lms.reporting.enums import SumKind
from lms.reporting.models import TallyColumn, TallyPlace

#: Beyond this part of the units of a map, setting sums right for each costs as much as no sums.
MOST_MET: Final = 0.5


@dataclass(frozen=True)
class RegionQuestion:
    """What is asked of `regions`, units above communes of one map that do not overlap: all that lies in
    `top`, or provinces. `reader` oversees them all. `version`: of the kept figures.
    """

    programme: Programme
    edition: BoundaryEdition
    on: date
    reader: User
    cadres: Collection[str] | None
    narrowing: Narrowing
    top: AdministrativeUnit | None
    regions: tuple[AdministrativeUnit, ...]
    version: UUID

    @property
    def cadre(self) -> str:
        """The cadre as sums tell it."""
        return ALL_CADRES if self.cadres is None else next(iter(self.cadres))

    @cached_property
    def course(self) -> int:
        """The course as sums tell it."""
        return kept_course(programme=self.programme, narrowing=self.narrowing)

    @property
    def since(self) -> date:
        """From which day on the days of completions are told apart."""
        return _told_since(self.narrowing, self.on)

    @property
    def whole(self) -> tuple[AdministrativeUnit, ...]:
        """What the regions lie in, or the regions themselves."""
        return (self.top,) if self.top else self.regions

    def part_of(self, path: str) -> int | None:
        """Return the id of the region in which a unit lies, or of `top` for its office; None beyond."""
        parts = (*self.regions, *self.whole)
        return next((one.pk for one in parts if path.startswith(one.path)), None)


@dataclass(frozen=True)
class RegionFigures:
    """`regions`: figures by the id of the region, under that of `top` those of its office alone.
    `changed`: the units below whose own kept figures do not tell all, with what does. `communes`: how many of the
    others are communes of which something is said, by the id of the region and by `flags_of`. `beyond`: the
    people of other maps who stand on no unit of this one, by `place_of`.
    """

    regions: Mapping[int | None, Figures]
    communes: Mapping[tuple[int | None, str], int]
    changed: Mapping[AdministrativeUnit, Figures]
    beyond: Mapping[int, Figures]

    def count(self, unit: AdministrativeUnit | None, flag: str) -> int:
        """Return of how many communes of a region this is said."""
        return self.communes.get((unit.pk if unit else None, flag), 0)


def sums_hold(
    *,
    programme: Programme,
    on: date,
    reader: User,
    cadres: Collection[str] | None,
    narrowing: Narrowing,
    parent: AdministrativeUnit | None,
) -> Holding | None:
    """Return which of the kept figures hold on a day, of the units of the reader's and of `parent` if it is
    given; None where sums do not tell what is asked, and people are counted. At most two queries.
    """
    if not keeps_all(programme=programme, cadres=cadres, narrowing=narrowing):
        return None
    holding = what_holds(programme=programme, on=on, reader=reader, parent=parent)
    since = _told_since(narrowing, on)
    if holding is None or holding.days_since > since or len(holding.stale) > MOST_STALE:
        return None
    return holding


def _told_since(narrowing: Narrowing, on: date) -> date:
    return narrowing.looks_back_to(first_day(on=on))


def read_figures(asked: RegionQuestion, stale: Collection[int]) -> RegionFigures | None:
    """Return the figures of these regions; None where other maps bring more than can be added to sums.

    `stale`: the units whose kept figures do not hold, as `sums_hold` tells. Two queries at most, and those of
    `count_units` where some do not.
    """
    counted = _count(asked, stale)
    became, here = _units_concerned(asked, stale)
    if _are_most(set(became.values()), asked.edition):
        return None
    changed = {unit: counted.get(pk, Figures()) for pk, unit in here.items() if pk in stale}
    met = [unit for pk, unit in here.items() if pk not in stale]
    kept = _read_kept(asked, {*stale, *became, *here})
    alone = _of_units(kept.alone, asked)
    elsewhere = {unit: (counted if unit in stale else alone).get(unit) for unit in became}
    from_elsewhere = place_figures(
        figures={unit: one for unit, one in elsewhere.items() if one}, became=became
    )
    told = _without(kept.regions, _outdated(asked, changed, kept.alone, alone), asked)
    regions: dict[int | None, Figures] = {pk: one.figures.copy() for pk, one in told.items()}
    communes = _count_communes(
        told, asked, {unit: alone[unit.pk] for unit in met if unit.pk in alone}
    )
    for unit, figures in changed.items():
        regions.setdefault(asked.part_of(unit.path), Figures()).add(figures)
    changed |= {unit: alone.get(unit.pk, Figures()) for unit in met}
    for unit, figures in changed.items():
        if unit.pk in from_elsewhere:
            figures.add(from_elsewhere[unit.pk])
            regions.setdefault(asked.part_of(unit.path), Figures()).add(from_elsewhere[unit.pk])
    beyond = {place: figures for place, figures in from_elsewhere.items() if place < 0}
    return RegionFigures(regions, communes, changed, beyond)


def _are_most(units: Collection[int], edition: BoundaryEdition) -> bool:
    """Return whether so many units get people of other maps that the whole table costs less; one query at most."""
    return len(units) > MOST_STALE and len(units) > MOST_MET * edition.units.count()


def _units_concerned(
    asked: RegionQuestion, stale: Collection[int]
) -> tuple[Became, Mapping[int, AdministrativeUnit]]:
    """Return what each unit of another map became that has figures, or is `stale`, and by their ids the
    units in the regions that are stale or among that; one query, none where there are none.
    """
    found = _read_concerned(asked, stale)
    own, sees = asked.edition.pk, asked.reader.scope.covers
    seen = [unit for unit in found if unit.edition_id == own or sees(unit.path)]
    became, here = place_targets(seen, edition=asked.edition)
    return became, {pk: one for pk, one in here.items() if asked.part_of(one.path) is not None}


def _read_concerned(
    asked: RegionQuestion, stale: Collection[int]
) -> Collection[AdministrativeUnit]:
    """Return the units of other maps that have figures, and the stale ones, with what they became."""
    own = asked.edition.pk
    question = (asked.version, asked.programme.pk, asked.course, asked.cadre, own)
    others = _OTHERS.known(question)
    if others is not None:
        units = [*others, *stale]
        return _THESE.ask(edition=own, units=units) if units else []
    found = _CONCERNED.ask(
        asked.cadre,
        programme=asked.programme.pk,
        course=asked.course,
        edition=own,
        stale=[*stale] or [NO_UNIT],
    )
    # Among them a stale one without figures, which adds nothing.
    _OTHERS.remember(question, tuple(unit.pk for unit in found if unit.edition_id != own))
    return found


def _concerned(
    cadre: str, *, programme: int, course: int, edition: int, stale: list[int]
) -> QuerySet[Any]:
    units = AdministrativeUnit.objects.order_by()
    mine: dict[str, Any] = {"programme": programme, "course": course, "unit": OuterRef("pk")}
    others = BoundaryEdition.objects.exclude(pk=edition).order_by().values("pk")
    # Whose certificate is told there may be counted elsewhere since.
    figures = TallyColumn.objects.filter(**mine, **({"cadre": cadre} if cadre else {}))
    people = TallyPlace.objects.filter(**mine, cadre=cadre)
    used = [units.filter(Exists(rows), edition__in=others) for rows in (people, figures)]
    asked = units.filter(pk__among=stale).values("pk").union(*(one.values("pk") for one in used))
    return with_targets(units=units.filter(pk__in=asked), edition_id=edition)


def _these(*, edition: int, units: list[int]) -> QuerySet[Any]:
    asked = AdministrativeUnit.objects.filter(pk__among=units)
    return with_targets(units=asked, edition_id=edition)


_OTHERS: Final[Remembered[tuple[int, ...]]] = Remembered()
_THESE = CompiledQuery(_these)
_CONCERNED = CompiledQuery(_concerned)


def _read_kept(asked: RegionQuestion, units: Collection[int]) -> KeptRegions:
    kept = Kept(
        version=asked.version,
        programme=asked.programme.pk,
        course=asked.course,
        cadre=asked.cadre,
        since=asked.since,
        days=tuple(days_asked(on=asked.on, within=asked.narrowing.within)),
    )
    return read_kept_regions(
        kept,
        regions=tuple(unit.pk for unit in asked.regions),
        top=asked.top.pk if asked.top else None,
        units=units,
    )


def _of_units(cells: Mapping[SumCell, int], asked: RegionQuestion) -> dict[int, Figures]:
    by_unit: dict[int, list[tuple[SumCell, int]]] = {}
    for one, figure in cells.items():
        by_unit.setdefault(one.unit, []).append((one, figure))
    return {unit: as_figures(of, since=asked.since) for unit, of in by_unit.items()}


def _without(
    regions: Mapping[int, KeptRegion],
    outdated: Mapping[int, Counter[SumCell]],
    asked: RegionQuestion,
) -> dict[int, KeptRegion]:
    """Return the regions without what is outdated; most have nothing of it."""
    return {
        pk: one.without(outdated[pk], asked.since) if pk in outdated else one
        for pk, one in regions.items()
    }


def _outdated(
    asked: RegionQuestion,
    changed: Collection[AdministrativeUnit],
    kept: Mapping[SumCell, int],
    figures: Mapping[int, Figures],
) -> dict[int, Counter[SumCell]]:
    """Return what units that changed add to the sums of each region, as it is `kept` of them alone."""
    parts = {unit.pk: asked.part_of(unit.path) for unit in changed}
    told: dict[int, Counter[SumCell]] = defaultdict(Counter)
    for one, figure in kept.items():
        part = parts.get(one.unit)
        if part is not None:
            told[part][one._replace(unit=part)] += figure
    for unit in changed:
        part = parts[unit.pk]
        # An office is no commune.
        if part is not None and unit.pk in figures and unit.level == Level.COMMUNE:
            for flag in flags_of(figures[unit.pk]):
                one = SumCell(part, asked.course, asked.cadre, SumKind.PLACES, flag, "", None)
                told[part][one] += 1
    return told


def _count(asked: RegionQuestion, stale: Collection[int]) -> dict[int, Figures]:
    if not stale:
        return {}
    return count_units(
        programme=asked.programme,
        on=asked.on,
        cadres=asked.cadres,
        narrowing=asked.narrowing,
        units=stale,
    )


def _count_communes(
    regions: Mapping[int, KeptRegion],
    asked: RegionQuestion,
    met: Mapping[AdministrativeUnit, Figures],
) -> Counter[tuple[int | None, str]]:
    """Return how many communes each region has of each kind, without those that meet people of other maps."""
    told: Counter[tuple[int | None, str]] = Counter(
        {(pk, flag): number for pk, one in regions.items() for flag, number in one.communes.items()}
    )
    for unit, figures in met.items():
        if unit.level == Level.COMMUNE:
            part = asked.part_of(unit.path)
            told.subtract((part, flag) for flag in flags_of(figures))
    return told
