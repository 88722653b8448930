"""What follows from the cells of the kept figures: sums of whole districts and provinces, and what is
said of each place. Written with the cells and in their transaction, so they never differ.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
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
#: The ids of the units above communes in which a unit lies, itself among them.
Above = Mapping[int, Collection[int]]


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
#: What it says besides, in this order.
SAID: Final = (*STATES, "late", "late_share", "is_reached", "is_unreached", "is_ahead", "is_done")


def units_above(units: Collection[int] | None = None) -> dict[int, list[int]]:
    """Return, for each of these units (None: for all), those above communes in which it lies; two
    queries.
    """
    of_level = AdministrativeUnit.objects.exclude(level=Level.COMMUNE).order_by()
    tops = dict(of_level.values_list("path", "pk"))
    step = AdministrativeUnit.steplen
    asked = AdministrativeUnit.objects.order_by()
    if units is not None:
        asked = asked.filter(pk__in=units)
    return {
        pk: [tops[path[:end]] for end in range(step, len(path) + 1, step) if path[:end] in tops]
        for pk, path in asked.values_list("pk", "path")
    }


def add_up(
    *,
    people: Mapping[Cell, int],
    extra: Mapping[Extra, int],
    above: Above,
    since: date,
) -> Counter[Sum]:
    """Return the sums of cells; `since`: from which day on the days of completions are told."""
    sums: Counter[Sum] = Counter()
    for cell, number in people.items():
        for cadre in _cadres(cell):
            for unit in above.get(cell.unit, ()):
                begins = cell.day if cell.state == PersonState.TO_COME else None
                sums[
                    Sum(unit, cell.course, cadre, SumKind.STATE, cell.state, cell.sex, begins)
                ] += number
                if cell.state == PersonState.COMPLETED and cell.day and cell.day >= since:
                    sums[Sum(unit, cell.course, cadre, SumKind.DAY, "", "", cell.day)] += number
    for one, figure in extra.items():
        for cadre in (ALL_CADRES, one.cadre):
            for unit in above.get(one.unit, ()):
                sums[Sum(unit, one.course, cadre, SumKind.COLUMN, one.key, "", None)] += figure
    return sums


def describe_places(people: Mapping[Cell, int]) -> dict[Place, tuple[Any, ...]]:
    """Return what is `SAID` of the people of each unit itself, by the rules for rows."""
    figures: dict[Place, Figures] = {}
    for cell, number in people.items():
        for cadre in _cadres(cell):
            one = figures.setdefault(Place(cell.unit, cell.course, cadre), Figures())
            one.add_people(PersonState(cell.state), number, cell.sex)
    return {place: _say(one) for place, one in figures.items()}


def _say(figures: Figures) -> tuple[Any, ...]:
    row = Row(unit=None, figures=figures, goal=Goal(people=figures.people))
    return (
        *(figures.count(state) for state in PersonState),
        figures.late,
        -lateness(row)[1],
        row.is_reached,
        row.is_unreached,
        row.is_ahead,
        row.is_done,
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
    TallyPlace.objects.bulk_create(_places(programme, after), batch_size=_BATCH)


def _places(programme: Programme, cells: Cells) -> list[TallyPlace]:
    return [
        TallyPlace(
            programme=programme,
            unit_id=place.unit,
            course=place.course,
            cadre=place.cadre,
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
