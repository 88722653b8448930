"""Figures of whole provinces and districts: kept sums, set right where a unit has changed since."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import cached_property

from courses.models import Programme
from lms.accounts.models import User
from lms.core.compiled_queries import CompiledQuery
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.counting import ANYWHERE, Figures
from lms.reporting.domain.counting_units import count_units
from lms.reporting.domain.kept_figures import NO_UNIT, KeptFigures, read_figures_kept
from lms.reporting.domain.narrowing import Narrowing
from lms.reporting.domain.placing import Became, area_of, place_figures, place_targets, with_targets
from lms.reporting.domain.tally_counting import kept_course
from lms.reporting.domain.tally_keeping import what_holds
from lms.reporting.domain.tally_reading import MOST_STALE, keeps_all, units_seen
from lms.reporting.domain.tally_sums import ALL_CADRES, flags_of
from lms.reporting.domain.tally_sums import Sum as SumCell
from lms.reporting.domain.trend import days_asked, first_day
from lms.reporting.enums import PersonState, SumKind
from lms.reporting.models import TallyPlace

#: Beyond this part of the units of a map, setting sums right for each costs as much as no sums.
MOST_MET: Final = 0.5


@dataclass(frozen=True)
class RegionQuestion:
    """What is asked of `regions`, units above communes of one map that do not overlap: all that lies in
    `top`, or provinces. `reader` oversees them all.
    """

    programme: Programme
    edition: BoundaryEdition
    on: date
    reader: User
    cadres: Collection[str] | None
    narrowing: Narrowing
    top: AdministrativeUnit | None
    regions: tuple[AdministrativeUnit, ...]

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
) -> Collection[int] | None:
    """Return the units of the reader's, and of `parent` if it is given, whose kept figures do not hold on a
    day; None where sums do not tell what is asked, and people are counted. At most one query.
    """
    if narrowing.leaves_out_people or not keeps_all(cadres):
        return None
    area = ANYWHERE if parent is None else area_of(parent)
    holding = what_holds(programme=programme, on=on, within=units_seen(reader=reader, area=area))
    since = _told_since(narrowing, on)
    if holding is None or holding.days_since > since or len(holding.stale) > MOST_STALE:
        return None
    return holding.stale


def _told_since(narrowing: Narrowing, on: date) -> date:
    return narrowing.looks_back_to(first_day(on=on))


def read_figures(asked: RegionQuestion, stale: Collection[int]) -> RegionFigures | None:
    """Return the figures of these regions; None where other maps bring more than can be added to sums.

    `stale`: the units whose kept figures do not hold, as `sums_hold` tells. Two queries, and those of
    `count_units` where there are such.
    """
    counted = _count(asked, stale)
    became, here = _units_concerned(asked, stale)
    if _are_most(set(became.values()), asked.edition):
        return None
    changed = {unit: counted.get(pk, Figures()) for pk, unit in here.items() if pk in stale}
    met = [unit for pk, unit in here.items() if pk not in stale]
    kept = _read_kept(asked, {*stale, *became, *here})
    alone = _as_figures(kept.alone, asked)
    sums = _sums_of_regions(kept.regions, asked)
    sums.subtract(_outdated(asked, changed, kept.alone, alone))
    elsewhere = {unit: (counted if unit in stale else alone).get(unit) for unit in became}
    from_elsewhere = place_figures(
        figures={unit: one for unit, one in elsewhere.items() if one}, became=became
    )
    regions = _as_figures(sums, asked)
    communes = _count_flags(sums, asked, {unit: alone[unit.pk] for unit in met if unit.pk in alone})
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
    """Return what each unit of another map became that has people, or is `stale`, and by their ids the
    units in the regions that are stale or among that; one query.
    """
    found = _CONCERNED.ask(
        asked.course,
        asked.cadre,
        programme=asked.programme.pk,
        edition=asked.edition.pk,
        stale=[*stale] or [NO_UNIT],
    )
    own, sees = asked.edition.pk, asked.reader.scope.covers
    seen = [unit for unit in found if unit.edition_id == own or sees(unit.path)]
    became, here = place_targets(seen, edition=asked.edition)
    return became, {pk: one for pk, one in here.items() if asked.part_of(one.path) is not None}


def _concerned(
    course: int, cadre: str, *, programme: int, edition: int, stale: list[int]
) -> QuerySet[Any]:
    units = AdministrativeUnit.objects.order_by()
    mine = {"programme": programme, "course": course, "cadre": cadre, "unit": OuterRef("pk")}
    others = BoundaryEdition.objects.exclude(pk=edition).order_by().values("pk")
    used = units.filter(Exists(TallyPlace.objects.filter(**mine)), edition__in=others)
    asked = used.values("pk").union(units.filter(pk__among=stale).values("pk"))
    return with_targets(units=units.filter(pk__in=asked), edition_id=edition)


_CONCERNED = CompiledQuery(_concerned)


def _read_kept(asked: RegionQuestion, units: Collection[int]) -> KeptFigures:
    return read_figures_kept(
        programme=asked.programme.pk,
        course=asked.course,
        cadre=asked.cadre,
        since=asked.since,
        days=days_asked(on=asked.on, within=asked.narrowing.within),
        regions=[unit.pk for unit in {*asked.regions, *asked.whole}],
        units=units,
    )


def _sums_of_regions(kept: Mapping[SumCell, int], asked: RegionQuestion) -> Counter[SumCell]:
    """Return the sums of each region, those of the office of the whole as of another."""
    sums: Counter[SumCell] = Counter(kept)
    top = asked.top.pk if asked.top else None
    for one, figure in kept.items():
        # What no region holds is the office of the whole.
        if top is not None and one.unit != top:
            sums[one._replace(unit=top)] -= figure
    return sums


def _outdated(
    asked: RegionQuestion,
    changed: Collection[AdministrativeUnit],
    kept: Mapping[SumCell, int],
    figures: Mapping[int | None, Figures],
) -> Counter[SumCell]:
    """Return what units that changed add to the sums, as it is `kept` of them alone."""
    parts = {unit.pk: asked.part_of(unit.path) for unit in changed}
    told: Counter[SumCell] = Counter()
    for one, figure in kept.items():
        part = parts.get(one.unit)
        if part is not None:
            told[one._replace(unit=part)] += figure
    for unit in changed:
        part = parts[unit.pk]
        # An office is no commune.
        if part is not None and unit.pk in figures and unit.level == Level.COMMUNE:
            for flag in flags_of(figures[unit.pk]):
                told[SumCell(part, asked.course, asked.cadre, SumKind.PLACES, flag, "", None)] += 1
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


def _count_flags(
    sums: Mapping[SumCell, int],
    asked: RegionQuestion,
    met: Mapping[AdministrativeUnit, Figures],
) -> Counter[tuple[int | None, str]]:
    """Return the sums of communes, without those that meet people of other maps."""
    told: Counter[tuple[int | None, str]] = Counter()
    for one, figure in sums.items():
        if one.kind == SumKind.PLACES:
            told[one.unit, one.key] += figure
    for unit, figures in met.items():
        if unit.level == Level.COMMUNE:
            part = asked.part_of(unit.path)
            told.subtract((part, flag) for flag in flags_of(figures))
    return told


def _as_figures(sums: Mapping[SumCell, int], asked: RegionQuestion) -> dict[int | None, Figures]:
    told: dict[int | None, Figures] = {}
    for one, figure in sums.items():
        if not figure or one.kind == SumKind.PLACES:
            continue
        here = told.setdefault(one.unit, Figures())
        if one.kind == SumKind.STATE:
            here.add_people(PersonState(one.key), figure, one.sex)
            here.add_day(one.day)
        elif one.kind == SumKind.COLUMN:
            here.extra[one.key] = figure
        else:
            here.days[one.day or asked.since] += figure
    for here in told.values():
        earlier = here.completed - here.days.total()
        if earlier:
            here.days[asked.since - timedelta(days=1)] += earlier
    return told
