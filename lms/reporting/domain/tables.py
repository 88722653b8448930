"""Completion laid out on a boundary edition: the rows of the page, the print and the file."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from courses.models import Programme
from lms.accounts.models import User
from lms.geography.domain.succession import map_units
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.counting import Figures
from lms.reporting.domain.current_place import AWAY, Move, count_people
from lms.reporting.enums import CountedAt

# The place on this map of each unit of any map; None where there is none.
Became = dict[int, int | None]


@dataclass
class Row:
    """One line. `unit` None stands for people who cannot be put on this map, or, `is_away`, for
    those who stand beyond the reader's area today.

    `communes`, `communes_reached`, `communes_done`: all, those where at least one person has
    completed, those where everybody has. `communes_unknown`: those for which nobody is recorded;
    `communes_unreached`: those where nobody is in any class; `communes_ahead`: those where everybody
    waits for a class to come.
    `district`: the row of a commune that lies below it, in the list of all; `latest`: the
    commune below this row to look at first.
    `moved_in`, `moved_out`: where people are counted as they stand today, how many were enrolled
    elsewhere, how many stand elsewhere; the difference is that to the other way of counting.
    """

    unit: AdministrativeUnit | None
    figures: Figures = field(default_factory=Figures)
    is_office: bool = False
    is_away: bool = False
    communes: int = 0
    communes_reached: int = 0
    communes_done: int = 0
    communes_unknown: int = 0
    communes_unreached: int = 0
    communes_ahead: int = 0
    district: AdministrativeUnit | None = None
    latest: "Row | None" = None
    moved_in: int = 0
    moved_out: int = 0

    @property
    def is_done(self) -> bool:
        return self.figures.people > 0 and self.figures.completed == self.figures.people

    @property
    def is_ahead(self) -> bool:
        """Whether everybody counted here waits for a class to come."""
        return self.figures.people > 0 and self.figures.to_come == self.figures.people

    @property
    def is_unreached(self) -> bool:
        """Whether nobody counted here is or was in any class."""
        return self.figures.people > 0 and self.figures.no_class == self.figures.people

    @property
    def enrolled_from(self) -> int:
        """How many the row would count where people were enrolled."""
        return self.figures.people - self.moved_in + self.moved_out


@dataclass
class Table:
    """`rows` add up to `total`; `parent` is the unit that the rows lie in, None for all.

    `places`: the same people one level down: each commune and office by itself, in the order of the
    map. They add up to the same total. Empty where the rows are communes already.
    `moved`: how many stand in another place of this map than where they were enrolled.
    """

    programme: Programme
    edition: BoundaryEdition
    parent: AdministrativeUnit | None
    rows: list[Row]
    total: Row
    places: list[Row]
    counted_at: CountedAt = CountedAt.ENROLMENT
    moved: int = 0


def completion_table(
    *,
    programme: Programme,
    edition: BoundaryEdition,
    on: date,
    reader: User,
    parent: AdministrativeUnit | None = None,
    cadres: Collection[str] | None = None,
    counted_at: CountedAt = CountedAt.ENROLMENT,
) -> Table:
    """Return the children of `parent` (or the top level), in a constant number of queries.

    Every person that `count_people` counts below `parent` stands in exactly one row, so all
    editions add up to one total.
    """
    counted = count_people(
        programme=programme, on=on, reader=reader, cadres=cadres, counted_at=counted_at
    )
    units = {unit.pk: unit for unit in edition.units.order_by("path")}
    became = place_units(unit_ids=counted.units, edition=edition, units=units)
    placed = place_figures(figures=counted.figures, became=became)
    rows = _rows(units=units, placed=placed, top=parent or _common_parent(units))
    places = _places(units=units, placed=placed, rows=rows)
    if parent is None:
        rows, places = rows + _beyond(placed), places + _beyond(placed)
    moves = place_moves(moves=counted.moves, became=became)
    _tell_moves(rows=places, moves=moves, units=units)
    moved, *ends = _tell_moves(rows=rows, moves=moves, units=units)
    rows = [row for row in rows if _is_shown(row, reader)]
    places = [place for place in places if _is_shown(place, reader)]
    return Table(
        programme=programme,
        edition=edition,
        parent=parent,
        rows=rows,
        total=replace(_sum(rows), moved_in=ends[0], moved_out=ends[1]),
        places=places if any(place.district for place in places) else [],
        counted_at=counted_at,
        moved=moved,
    )


def latest_first(rows: Iterable[Row]) -> list[Row]:
    """Return places with people who are late, those to look at first at the beginning.

    The one rule for late: who is in no class, or in one that is over and not completed. Whoever
    sits in class, or waits for one, is not late. First where nobody is in any class, then the
    largest part of late people, then the most of them.
    """
    late = [row for row in rows if row.figures.late]
    return sorted(late, key=_lateness)


def _lateness(row: Row) -> tuple[bool, float, int]:
    figures = row.figures
    return not row.is_unreached, -figures.late / figures.people, -figures.late


def place_figures(*, figures: dict[int, Figures], became: Became) -> dict[int | None, Figures]:
    """Return figures by what each unit became; None for what cannot be mapped."""
    placed: dict[int | None, Figures] = {}
    for unit, counted in figures.items():
        placed.setdefault(became.get(unit, unit), Figures()).add(counted)
    return placed


def place_moves(
    *, moves: Iterable[Move], became: Became
) -> list[tuple[int | None, int | None, int]]:
    """Return source, target and people, where these are two places of the map."""
    placed = [
        (became.get(source, source), became.get(target, target), people)
        for source, target, people in moves
    ]
    return [move for move in placed if move[0] != move[1]]


def place_units(
    *, unit_ids: Collection[int], edition: BoundaryEdition, units: Collection[int]
) -> Became:
    """Return the unit of `edition` (whose own are `units`) that each unit is or became."""
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
) -> list[Row]:
    """Return one row a child of `top`, and one for the people of its own office."""
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
    return [office, *rows.values()]


def _places(
    *,
    units: dict[int, AdministrativeUnit],
    placed: dict[int | None, Figures],
    rows: list[Row],
) -> list[Row]:
    """Return the communes and offices below districts,
    each district's `latest` set on the way.
    """
    places: list[Row] = []
    for row in rows:
        if row.is_office:
            places.append(replace(row))
        elif row.unit is not None and row.unit.level == Level.DISTRICT:
            below = _below(district=row.unit, units=units, placed=placed)
            places += below
            late = latest_first(place for place in below if not place.is_office)
            row.latest = next(iter(late), None)
    return places


def _beyond(placed: dict[int | None, Figures]) -> list[Row]:
    """Return those who cannot be put on this map, and those who moved out
    of the reader's area.
    """
    return [
        Row(unit=None, figures=placed.get(None, Figures())),
        Row(unit=None, is_away=True, figures=placed.get(AWAY, Figures())),
    ]


def _below(
    *,
    district: AdministrativeUnit,
    units: dict[int, AdministrativeUnit],
    placed: dict[int | None, Figures],
) -> list[Row]:
    """Return the office of a district and its communes, each as a row of its own."""
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


def _is_shown(row: Row, reader: User) -> bool:
    """Return whether to show it: offices only with people;
    places without any only to those who watch over them.
    """
    if row.figures.people or row.moved_out:
        return True
    if row.unit is None:
        return any(row.figures.extra.values())
    if row.is_office:
        return False
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
        alone = Row(unit=unit, figures=counted or Figures())
        row.communes_ahead += alone.is_ahead
        row.communes_unreached += alone.is_unreached


def _tell_moves(
    *,
    rows: list[Row],
    moves: Iterable[tuple[int | None, int | None, int]],
    units: dict[int, AdministrativeUnit],
) -> tuple[int, int, int]:
    """Tell each row who came and who went.

    How many people changed places, came from beyond all rows and went beyond them.
    """
    row_of = _row_by_place(rows, units)
    beyond = Row(unit=None)
    moved = 0
    for source, target, people in moves:
        left, joined = row_of.get(source, beyond), row_of.get(target, beyond)
        if left is beyond and joined is beyond:
            continue
        moved += people
        if left is not joined:
            left.moved_out += people
            joined.moved_in += people
    return moved, beyond.moved_out, beyond.moved_in


def _row_by_place(rows: list[Row], units: dict[int, AdministrativeUnit]) -> dict[int | None, Row]:
    row_of: dict[int | None, Row] = {}
    districts: dict[str, Row] = {}
    for row in rows:
        if row.unit is None:
            row_of[AWAY if row.is_away else None] = row
        elif row.is_office or row.unit.level == Level.COMMUNE:
            row_of[row.unit.pk] = row
        else:
            districts[row.unit.path] = row
    for unit in units.values():
        above = districts.get(unit.path[: 2 * AdministrativeUnit.steplen])
        if above is not None:
            row_of[unit.pk] = above
    return row_of


def _sum(rows: list[Row]) -> Row:
    total = Row(unit=None)
    for row in rows:
        total.figures.add(row.figures)
        total.communes += row.communes
        total.communes_reached += row.communes_reached
        total.communes_done += row.communes_done
        total.communes_unknown += row.communes_unknown
        total.communes_ahead += row.communes_ahead
        total.communes_unreached += row.communes_unreached
    return total
