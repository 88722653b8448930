"""Figures of whole provinces and districts: kept sums, set right where a unit has changed since."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Case, DateField, F, Q, QuerySet, Sum, Value, When
from django.utils.functional import cached_property

from courses.models import Programme
from lms.accounts.models import User
from lms.core.compiled_queries import CompiledQuery
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.counting import Figures, count_units
from lms.reporting.domain.narrowing import Narrowing
from lms.reporting.domain.placing import Became, place_figures, place_targets, with_targets
from lms.reporting.domain.tally_counting import kept_course
from lms.reporting.domain.tally_keeping import stored_cells, what_holds
from lms.reporting.domain.tally_reading import MOST_STALE, keeps_all, read_kept, units_seen
from lms.reporting.domain.tally_sums import ALL_CADRES, Above, add_up, flags_of
from lms.reporting.domain.tally_sums import Sum as SumCell
from lms.reporting.domain.trend import days_asked, first_day
from lms.reporting.enums import PersonState, SumKind
from lms.reporting.models import TallyPlace, TallySum

#: Beyond this part of the units of a map, setting sums right for each costs as much as no sums.
MOST_MET: Final = 0.5
#: In the place of the units that changed where none has: no unit has this id, and a query is put together once.
NO_UNIT: Final = 0


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

    def concerns(self, unit: AdministrativeUnit) -> bool:
        """Return whether a unit lies in one of the regions, or may: on another map."""
        return unit.edition_id != self.edition.pk or self.part_of(unit.path) is not None


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
) -> Collection[int] | None:
    """Return the units of the reader's whose kept figures do not hold on a day; None where sums do not
    tell what is asked, and people are counted. At most one query.
    """
    if narrowing.leaves_out_people or not keeps_all(cadres):
        return None
    holding = what_holds(programme=programme, on=on, within=units_seen(reader=reader))
    since = _told_since(narrowing, on)
    if holding is None or holding.days_since > since or len(holding.stale) > MOST_STALE:
        return None
    return holding.stale


def _told_since(narrowing: Narrowing, on: date) -> date:
    return narrowing.looks_back_to(first_day(on=on))


def read_figures(asked: RegionQuestion, stale_units: Collection[int]) -> RegionFigures | None:
    """Return the figures of these regions; None where other maps bring more than can be added to sums.

    `stale_units`: those whose kept figures do not hold, as `sums_hold` tells.
    """
    stale = [unit for unit in _units(stale_units) if asked.concerns(unit)]
    counted = _count(asked, stale)
    sums = _stored_sums(asked)
    sums.subtract(_outdated(asked, stale))
    changed = {
        unit: counted.get(unit.pk, Figures())
        for unit in stale
        if unit.edition_id == asked.edition.pk
    }
    became, targets = _became(asked, counted.keys() - {unit.pk for unit in changed})
    if _are_most(set(became.values()), asked.edition):
        return None
    met = [unit for unit in targets.values() if asked.concerns(unit) and unit not in changed]
    wanted = [*became, *(unit.pk for unit in met)]
    kept = _kept(asked, wanted, stale=[unit.pk for unit in stale]) if wanted else {}
    elsewhere = {unit: (counted if unit in counted else kept).get(unit) for unit in became}
    from_elsewhere = place_figures(
        figures={unit: one for unit, one in elsewhere.items() if one}, became=became
    )
    regions = _as_figures(sums, asked)
    communes = _count_flags(sums, asked, {unit: kept[unit.pk] for unit in met if unit.pk in kept})
    for unit, figures in changed.items():
        regions.setdefault(asked.part_of(unit.path), Figures()).add(figures)
    changed |= {unit: kept.get(unit.pk, Figures()) for unit in met}
    for unit, figures in changed.items():
        if unit.pk in from_elsewhere:
            figures.add(from_elsewhere[unit.pk])
            regions.setdefault(asked.part_of(unit.path), Figures()).add(from_elsewhere[unit.pk])
    beyond = {place: figures for place, figures in from_elsewhere.items() if place < 0}
    return RegionFigures(regions, communes, changed, beyond)


def _are_most(units: Collection[int], edition: BoundaryEdition) -> bool:
    """Return whether so many units get people of other maps that the whole table costs less; one query at most."""
    return len(units) > MOST_STALE and len(units) > MOST_MET * edition.units.count()


def _units(units: Iterable[int]) -> Collection[AdministrativeUnit]:
    wanted = [unit for unit in units if unit > 0]
    return AdministrativeUnit.objects.filter(pk__in=wanted) if wanted else ()


def _became(
    asked: RegionQuestion, changed: Collection[int]
) -> tuple[Became, Mapping[int, AdministrativeUnit]]:
    """Return what each unit of another map became that has people, or is among the `changed`, and the units
    of this map among that; one query.
    """
    found = _USED_ELSEWHERE.ask(
        asked.course,
        asked.cadre,
        programme=asked.programme.pk,
        edition=asked.edition.pk,
        changed=[*changed] or [NO_UNIT],
    )
    return place_targets(found, edition=asked.edition)


def _used_elsewhere(
    course: int, cadre: str, *, programme: int, edition: int, changed: list[int]
) -> QuerySet[Any]:
    places = TallyPlace.objects.filter(programme=programme, course=course, cadre=cadre)
    used = Q(pk__in=places.values("unit")) | Q(pk__among=changed)
    units = AdministrativeUnit.objects.filter(used).exclude(edition=edition)
    return with_targets(units=units, edition_id=edition)


_USED_ELSEWHERE = CompiledQuery(_used_elsewhere)


def _kept(
    asked: RegionQuestion, units: Collection[int], stale: Collection[int]
) -> dict[int, Figures]:
    return read_kept(
        stale=stale,
        programme=asked.programme,
        on=asked.on,
        reader=asked.reader,
        cadres=asked.cadres,
        narrowing=asked.narrowing,
        area=Q(unit__in=units),
    )


def _sums_of_units(
    course: int,
    cadre: str,
    since: date,
    days: Sequence[date],
    *,
    programme: int,
    units: list[int],
) -> QuerySet[Any, Any]:
    """Return the cells of these sums, days of completions moved to the next of `days`, with their figures."""
    completed = Q(kind=SumKind.DAY)
    told_on = Case(
        When(~completed, then=F("day")),
        *(When(day__lte=day, then=Value(day)) for day in days),
        default=Value(days[-1]),
        output_field=DateField(),
    )
    rows = TallySum.objects.filter(
        ~completed | Q(day__gte=since),
        programme=programme,
        course=course,
        cadre=cadre,
        unit__among=units,
    )
    grouped = rows.values_list("unit", "course", "cadre", "kind", "key", "sex").annotate(
        told_on=told_on
    )
    return grouped.annotate(people=Sum("figure")).order_by()


_STORED_SUMS = CompiledQuery(_sums_of_units)


def _stored_sums(asked: RegionQuestion) -> Counter[SumCell]:
    """Return the sums as they are kept, days of completions moved to the next day that is asked for;
    one query.
    """
    counted = _STORED_SUMS.ask(
        asked.course,
        asked.cadre,
        asked.since,
        tuple(days_asked(on=asked.on, within=asked.narrowing.within)),
        programme=asked.programme.pk,
        units=[unit.pk for unit in {*asked.regions, *asked.whole}],
    )
    sums: Counter[SumCell] = Counter()
    top = asked.top.pk if asked.top else None
    for *cell, figure in counted:
        one = SumCell(*cell)
        sums[one] += figure
        # What no region holds is the office of the whole.
        if top is not None and one.unit != top:
            sums[one._replace(unit=top)] -= figure
    return sums


def _outdated(asked: RegionQuestion, stale: Collection[AdministrativeUnit]) -> Counter[SumCell]:
    """Return what units that changed add to the sums."""
    if not stale:
        return Counter()
    cells = stored_cells(programme=asked.programme, units=[unit.pk for unit in stale])
    parts = {unit.pk: asked.part_of(unit.path) for unit in stale}
    above = Above(
        units={unit: [part] for unit, part in parts.items() if part is not None},
        communes={unit.pk: unit.path for unit in stale if unit.level == Level.COMMUNE},
    )
    days = days_asked(on=asked.on, within=asked.narrowing.within)
    told: Counter[SumCell] = Counter()
    added = add_up(people=cells.people, extra=cells.extra, above=above, since=asked.since)
    for one, figure in added.items():
        day = one.day
        if one.kind == SumKind.DAY and day:
            day = days[min(bisect_left(days, day), len(days) - 1)]
        if (one.course, one.cadre) == (asked.course, asked.cadre):
            told[one._replace(day=day)] += figure
    return told


def _count(asked: RegionQuestion, stale: Collection[AdministrativeUnit]) -> dict[int, Figures]:
    if not stale:
        return {}
    return count_units(
        programme=asked.programme,
        on=asked.on,
        cadres=asked.cadres,
        narrowing=asked.narrowing,
        units=[unit.pk for unit in stale],
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
