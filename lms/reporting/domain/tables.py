"""Completion laid out on a boundary edition: the rows of the page, the print and the file."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from courses.models import Programme
from lms.geography.domain.mapping import map_units
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.counting import Figures, count_by_unit


@dataclass
class Row:
    """One line. `unit` None stands for people who cannot be put on this map.

    `communes`, `communes_reached`, `communes_done`: all, those where at least one person has
    completed, those where everybody has. `communes_unknown`: those for which nobody is recorded;
    `communes_ahead`: those where everybody waits for a class that has not begun.
    `district`: the row of a commune that lies below it, in the list of all; `slowest`: the
    commune below this row that is furthest behind.
    """

    unit: AdministrativeUnit | None
    figures: Figures = field(default_factory=Figures)
    is_office: bool = False
    communes: int = 0
    communes_reached: int = 0
    communes_done: int = 0
    communes_unknown: int = 0
    communes_ahead: int = 0
    district: AdministrativeUnit | None = None
    slowest: "Row | None" = None

    @property
    def is_done(self) -> bool:
        return self.figures.people > 0 and self.figures.completed == self.figures.people

    @property
    def is_ahead(self) -> bool:
        """Whether everybody counted here waits for a class that has not begun."""
        return self.figures.people > 0 and self.figures.waiting == self.figures.people


@dataclass
class Table:
    """`rows` add up to `total`; `parent` is the unit that the rows lie in, None for all.

    `places`: the same people one level down: each commune and office by itself, in the order of the
    map. They add up to the same total. Empty where the rows are communes already.
    """

    programme: Programme
    edition: BoundaryEdition
    parent: AdministrativeUnit | None
    rows: list[Row]
    total: Row
    places: list[Row]


def completion_table(
    *,
    programme: Programme,
    edition: BoundaryEdition,
    on: date,
    reader: Any,
    parent: AdministrativeUnit | None = None,
    cadres: Collection[str] | None = None,
) -> Table:
    """The children of `parent` (or the top level of the edition) with their figures.

    A constant number of queries at any size. Every person that `count_by_unit` counts
    below `parent` stands in exactly one row, so all editions add up to one total.
    """
    units = {unit.pk: unit for unit in edition.units.order_by("path")}
    placed = place_figures(
        figures=count_by_unit(programme=programme, on=on, reader=reader, cadres=cadres),
        edition=edition,
        units=units,
    )
    top = parent or _common_parent(units)
    rows = _rows(units=units, placed=placed, top=top, reader=reader)
    places = _places(units=units, placed=placed, rows=rows, reader=reader)
    if parent is None and placed.get(None):
        rows.append(Row(unit=None, figures=placed[None]))
        places += rows[-1:] if places else []
    return Table(
        programme=programme,
        edition=edition,
        parent=parent,
        rows=rows,
        total=_sum(rows),
        places=places,
    )


def furthest_behind(rows: Iterable[Row]) -> list[Row]:
    """Places with somebody still to complete whose class has begun or who is in none.

    The smallest share of those who could have completed first, then the most people to go.
    """
    behind = [row for row in rows if row.figures.lagging]
    return sorted(behind, key=lambda row: (row.figures.share_due, -row.figures.lagging))


def place_figures(
    *,
    figures: dict[int, Figures],
    edition: BoundaryEdition,
    units: dict[int, AdministrativeUnit],
) -> dict[int | None, Figures]:
    """Figures by the unit of `edition` that each unit became; None for what cannot be mapped."""
    became = place_units(unit_ids=figures, edition=edition, units=units)
    placed: dict[int | None, Figures] = {}
    for unit, counted in figures.items():
        placed.setdefault(became[unit], Figures()).add(counted)
    return placed


def place_units(
    *, unit_ids: Collection[int], edition: BoundaryEdition, units: Collection[int]
) -> dict[int, int | None]:
    """The unit of `edition` (whose own are `units`) that each unit is or became."""
    elsewhere = [unit for unit in unit_ids if unit not in units]
    became: dict[int, int | None] = {}
    if elsewhere:
        for source in BoundaryEdition.objects.filter(units__in=elsewhere).distinct():
            became |= map_units(from_edition=source, to_edition=edition)
    return {unit: unit if unit in units else became.get(unit) for unit in unit_ids}


def _common_parent(units: dict[int, AdministrativeUnit]) -> AdministrativeUnit:
    return next(unit for unit in units.values() if unit.level == Level.PROVINCE)


def _rows(
    *,
    units: dict[int, AdministrativeUnit],
    placed: dict[int | None, Figures],
    top: AdministrativeUnit,
    reader: Any,
) -> list[Row]:
    """One row a child of `top`, and one for the people of its own office."""
    depth = len(top.path) + AdministrativeUnit.steplen
    rows = {
        unit.path: Row(unit=unit)
        for unit in units.values()
        if len(unit.path) == depth and unit.path.startswith(top.path)
    }
    office = Row(unit=top, is_office=True)
    for unit in units.values():
        if not unit.path.startswith(top.path):
            continue
        _count_in(row=rows.get(unit.path[:depth], office), unit=unit, counted=placed.get(unit.pk))
    return [row for row in (office, *rows.values()) if _is_shown(row, reader)]


def _places(
    *,
    units: dict[int, AdministrativeUnit],
    placed: dict[int | None, Figures],
    rows: list[Row],
    reader: Any,
) -> list[Row]:
    """The communes and offices below districts, each district's `slowest` set on the way."""
    places: list[Row] = []
    for row in rows:
        if row.is_office:
            places.append(row)
        elif row.unit is not None and row.unit.level == Level.DISTRICT:
            below = _below(district=row.unit, units=units, placed=placed)
            places += [place for place in below if _is_shown(place, reader)]
            behind = furthest_behind(place for place in below if not place.is_office)
            row.slowest = next(iter(behind), None)
    return places if any(place.district for place in places) else []


def _below(
    *,
    district: AdministrativeUnit,
    units: dict[int, AdministrativeUnit],
    placed: dict[int | None, Figures],
) -> list[Row]:
    """The office of a district and its communes, each as a row of its own."""
    return [
        Row(
            unit=unit,
            figures=placed.get(unit.pk, Figures()),
            is_office=unit == district,
            district=district,
        )
        for unit in units.values()
        if unit.path.startswith(district.path)
    ]


def _is_shown(row: Row, reader: Any) -> bool:
    """Offices only with people; places without any only to those who watch over them."""
    if row.figures.people or row.is_office or row.unit is None:
        return row.figures.people > 0
    return bool(reader.scope.oversees_province or reader.scope.covers(row.unit.path))


def _count_in(*, row: Row, unit: AdministrativeUnit, counted: Figures | None) -> None:
    if counted is not None:
        row.figures.add(counted)
    if unit.level == Level.COMMUNE:
        row.communes += 1
        row.communes_unknown += counted is None or not counted.people
        if counted is not None and counted.completed:
            row.communes_reached += 1
            row.communes_done += counted.completed == counted.people
        row.communes_ahead += Row(unit=unit, figures=counted or Figures()).is_ahead


def _sum(rows: list[Row]) -> Row:
    total = Row(unit=None)
    for row in rows:
        total.figures.add(row.figures)
        total.communes += row.communes
        total.communes_reached += row.communes_reached
        total.communes_done += row.communes_done
        total.communes_unknown += row.communes_unknown
        total.communes_ahead += row.communes_ahead
    return total
