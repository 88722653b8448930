"""Completion laid out on a boundary edition: the rows of the page, the print and the file."""

from collections.abc import Collection
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
    completed, those where everybody has. `communes_unknown`: those for which nobody is recorded.
    """

    unit: AdministrativeUnit | None
    figures: Figures = field(default_factory=Figures)
    is_office: bool = False
    communes: int = 0
    communes_reached: int = 0
    communes_done: int = 0
    communes_unknown: int = 0

    @property
    def is_done(self) -> bool:
        return self.figures.people > 0 and self.figures.completed == self.figures.people


@dataclass
class Table:
    """`rows` add up to `total`; `parent` is the unit that the rows lie in, None for all."""

    programme: Programme
    edition: BoundaryEdition
    parent: AdministrativeUnit | None
    rows: list[Row]
    total: Row


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
    if parent is None and placed.get(None):
        rows.append(Row(unit=None, figures=placed[None]))
    return Table(programme=programme, edition=edition, parent=parent, rows=rows, total=_sum(rows))


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
    shown = [
        row
        for path, row in rows.items()
        if row.figures.people or reader.scope.oversees_province or reader.scope.covers(path)
    ]
    return [office, *shown] if office.figures.people else shown


def _count_in(*, row: Row, unit: AdministrativeUnit, counted: Figures | None) -> None:
    if counted is not None:
        row.figures.add(counted)
    if unit.level == Level.COMMUNE:
        row.communes += 1
        row.communes_unknown += counted is None or not counted.people
        if counted is not None and counted.completed:
            row.communes_reached += 1
            row.communes_done += counted.completed == counted.people


def _sum(rows: list[Row]) -> Row:
    total = Row(unit=None)
    for row in rows:
        total.figures.add(row.figures)
        total.communes += row.communes
        total.communes_reached += row.communes_reached
        total.communes_done += row.communes_done
        total.communes_unknown += row.communes_unknown
    return total
