"""What follows from the cells of the kept figures: sums of whole districts and provinces, and what is
said of each place. Written with the cells and in their transaction, so they never differ.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any, Final, NamedTuple

from django.db.models import Q

from courses.models import Programme
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.counting import Figures
from lms.reporting.domain.goals import Goal
from lms.reporting.domain.rows import Row, lateness
from lms.reporting.domain.tally_counting import Cell, Cells, Extra
from lms.reporting.enums import PersonState, SumKind
from lms.reporting.models import TallyPlace, TallySum

#: In the place of a cadre: all of them together.
ALL_CADRES: Final = ""
#: Days on which people completed are told that far back; a line needs a year. Further back a report
#: counts the cells.
DAYS_KEPT: Final = timedelta(days=400)
_BATCH: Final = 5000


class Sum(NamedTuple):
    """The columns of a `TallySum` but for its programme and the figure."""

    unit: int
    course: int
    cadre: str
    kind: str
    key: str
    sex: str
    day: date | None


class Place(NamedTuple):
    """What a `TallyPlace` is found by, but for its programme."""

    unit: int
    course: int
    cadre: str


#: How many people of a unit are in each state, as a `TallyPlace` says it.
STATES: Final = tuple(PersonState.values)
#: What is said of communes and added up, as `Row.is_…` says it; KNOWN: somebody is counted there.
KNOWN: Final = "is_known"
FLAGS: Final = ("is_reached", "is_unreached", "is_ahead", "is_done")
#: What it says besides, in this order.
SAID: Final = (*STATES, "late", "late_share", *FLAGS)


@dataclass(frozen=True)
class Above:
    """`units`: the ids of the units above communes in which each unit lies, itself among them; `communes`: the
    paths of those that are communes.
    """

    units: Mapping[int, Collection[int]]
    communes: Mapping[int, str]


def units_above(units: Collection[int] | None = None) -> Above:
    """Return those above each of these units (None: above all); two queries."""
    of_level = AdministrativeUnit.objects.exclude(level=Level.COMMUNE).order_by()
    tops = dict(of_level.values_list("path", "pk"))
    step = AdministrativeUnit.steplen
    asked = AdministrativeUnit.objects.order_by()
    if units is not None:
        asked = asked.filter(pk__in=units)
    paths = dict(asked.values_list("pk", "path"))
    above = {
        pk: [tops[path[:end]] for end in range(step, len(path) + 1, step) if path[:end] in tops]
        for pk, path in paths.items()
    }
    return Above(above, {pk: path for pk, path in paths.items() if path not in tops})


def add_up(
    *,
    people: Mapping[Cell, int],
    extra: Mapping[Extra, int],
    above: Above,
    since: date,
) -> Counter[Sum]:
    """Return the sums of cells; `since`: from which day on the days of completions are told."""
    sums = _sums_of_people(people, above, since)
    for one, figure in extra.items():
        for cadre, unit in product((ALL_CADRES, one.cadre), above.units.get(one.unit, ())):
            sums[Sum(unit, one.course, cadre, SumKind.COLUMN, one.key, "", None)] += figure
    for place, figures in _figures_of(people).items():
        # An office is no commune.
        tops = above.units.get(place.unit, ()) if place.unit in above.communes else ()
        for unit, flag in product(tops, flags_of(figures)):
            sums[Sum(unit, place.course, place.cadre, SumKind.PLACES, flag, "", None)] += 1
    return sums


def _sums_of_people(people: Mapping[Cell, int], above: Above, since: date) -> Counter[Sum]:
    sums: Counter[Sum] = Counter()
    for cell, number in people.items():
        for cadre in _cadres(cell):
            for unit in above.units.get(cell.unit, ()):
                begins = cell.day if cell.state == PersonState.TO_COME else None
                sums[
                    Sum(unit, cell.course, cadre, SumKind.STATE, cell.state, cell.sex, begins)
                ] += number
                if cell.state == PersonState.COMPLETED and cell.day and cell.day >= since:
                    sums[Sum(unit, cell.course, cadre, SumKind.DAY, "", "", cell.day)] += number
    return sums


def flags_of(figures: Figures) -> list[str]:
    """Return what is added up of a commune with these people, by the rules for rows."""
    row = _alone(figures)
    said = [flag for flag in FLAGS if getattr(row, flag)]
    return [KNOWN, *said] if figures.people else said


def describe_places(people: Mapping[Cell, int]) -> dict[Place, tuple[Any, ...]]:
    """Return what is `SAID` of the people of each unit itself, by the rules for rows."""
    return {place: _say(one) for place, one in _figures_of(people).items()}


def _figures_of(people: Mapping[Cell, int]) -> dict[Place, Figures]:
    figures: dict[Place, Figures] = {}
    for cell, number in people.items():
        for cadre in _cadres(cell):
            one = figures.setdefault(Place(cell.unit, cell.course, cadre), Figures())
            one.add_people(PersonState(cell.state), number, cell.sex)
    return figures


def _alone(figures: Figures) -> Row:
    return Row(unit=None, figures=figures, goal=Goal(people=figures.people))


def _say(figures: Figures) -> tuple[Any, ...]:
    row = _alone(figures)
    return (
        *(figures.count(state) for state in PersonState),
        figures.late,
        -lateness(row)[1],
        *(getattr(row, flag) for flag in FLAGS),
    )


def write_sums(
    *,
    programme: Programme,
    since: date,
    before: Cells,
    after: Cells,
    units: Collection[int] | None,
) -> None:
    """Write what follows from the cells of these units, which were `before` and are `after`; `units`
    None: all of the programme is written anew. The caller holds the `TallyState`.
    """
    above = units_above(units)
    sums = _of(after, above, since)
    places = TallyPlace.objects.filter(programme=programme)
    if units is None:
        TallySum.objects.filter(programme=programme).delete()
        places.delete()
    else:
        sums.subtract(_of(before, above, since))
        sums = _added_to_stored(programme, sums)
        places.filter(unit__in=units).delete()
    TallySum.objects.bulk_create(
        [
            TallySum(programme=programme, unit_id=one.unit, figure=figure, **_told(one))
            for one, figure in sums.items()
            if figure
        ],
        batch_size=_BATCH,
    )
    TallyPlace.objects.bulk_create(_places(programme, after, above), batch_size=_BATCH)


def _places(programme: Programme, cells: Cells, above: Above) -> list[TallyPlace]:
    return [
        TallyPlace(
            programme=programme,
            unit_id=place.unit,
            course=place.course,
            cadre=place.cadre,
            path=above.communes.get(place.unit, ""),
            **dict(zip(SAID, said, strict=True)),
        )
        for place, said in describe_places(cells.people).items()
    ]


def _of(cells: Cells, above: Above, since: date) -> Counter[Sum]:
    return add_up(people=cells.people, extra=cells.extra, above=above, since=since)


def _added_to_stored(programme: Programme, changes: Counter[Sum]) -> Counter[Sum]:
    """Return what the sums that change come to, and delete the stored ones."""
    changes = Counter({one: figure for one, figure in changes.items() if figure})
    days = {one.day for one in changes if one.day}
    stored = TallySum.objects.filter(
        Q(day__isnull=True) | Q(day__in=days),
        programme=programme,
        unit__in={one.unit for one in changes},
    )
    changed = []
    for pk, *cell, figure in stored.values_list("pk", *Sum._fields, "figure"):
        one = Sum(*cell)
        if one in changes:
            changed.append(pk)
            changes[one] += figure
    TallySum.objects.filter(pk__in=changed).delete()
    return changes


def _told(one: Sum) -> dict[str, Any]:
    said = one._asdict()
    said.pop("unit")
    return said


def _cadres(cell: Cell) -> Iterable[str]:
    return (ALL_CADRES, cell.cadre) if cell.in_all else (cell.cadre,)
