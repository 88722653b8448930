"""Completion laid out on a boundary edition: the rows of the page, the print and the file."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from courses.models import Programme
from lms.accounts.models import User
from lms.core.one_moment import one_moment
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.counting import Figures, all_enrolments
from lms.reporting.domain.counting_as_of import count_people_as_of
from lms.reporting.domain.current_place import Counted, Move, count_people
from lms.reporting.domain.goals import Goals, read_goals
from lms.reporting.domain.narrowing import EVERYBODY, DayRange, Narrowing
from lms.reporting.domain.placing import (
    Became,
    place_figures,
    place_moves,
    place_of,
    place_units,
    read_below,
)
from lms.reporting.domain.queries import area_of, required_courses
from lms.reporting.domain.region_rows import beyond_rows, read_regions
from lms.reporting.domain.rows import Row, add_rows, is_shown, latest_first, place_alone
from lms.reporting.enums import CountedAt, TargetUse
from lms.reporting.extensions import training_figures


@dataclass
class Table:
    """`rows` add up to `total`; `parent` is the unit that the rows lie in, None for all. For whoever
    oversees a part of one district alone, the whole is that district.

    `places`: the same people one level down: each commune and office by itself, in the order of the
    map. They add up to the same total. Empty where the rows are communes already, or nobody asks.
    `to_look_at`: the communes to look at first, at the beginning: all that are late, or enough of both kinds.
    `moved`: how many stand in another place of this map than where they were enrolled.
    `target_use`: whether the rows are compared with targets. `narrowing`: which part of the people it counts.
    """

    programme: Programme
    edition: BoundaryEdition
    parent: AdministrativeUnit | None
    rows: list[Row]
    total: Row
    places: list[Row]
    to_look_at: list[Row]
    counted_at: CountedAt = CountedAt.ENROLMENT
    moved: int = 0
    target_use: TargetUse = TargetUse.NONE_SET
    narrowing: Narrowing = EVERYBODY

    def communes(self) -> list[Row]:
        """Return the communes below the rows, or the rows that are communes, in the order of the map."""
        return [row for row in self.places or self.rows if _is_commune(row)]


@one_moment()
def completion_table(
    *,
    programme: Programme,
    edition: BoundaryEdition,
    on: date,
    reader: User,
    parent: AdministrativeUnit | None = None,
    cadres: Collection[str] | None = None,
    counted_at: CountedAt = CountedAt.ENROLMENT,
    narrowing: Narrowing = EVERYBODY,
) -> Table:
    """Return the children of `parent`, or the top level; in a constant number of queries.

    Each person whom `count_people` counts below `parent` stands in exactly one row.
    """
    asked: dict[str, Any] = {"programme": programme, "cadres": cadres, "narrowing": narrowing}
    asked |= {"edition": edition, "on": on, "reader": reader, "parent": parent}
    return _count_table(asked, _goals(asked), counted_at)


@one_moment()
def table_in_short(
    *,
    programme: Programme,
    edition: BoundaryEdition,
    on: date,
    reader: User,
    parent: AdministrativeUnit | None = None,
    cadres: Collection[str] | None = None,
    counted_at: CountedAt = CountedAt.ENROLMENT,
    narrowing: Narrowing = EVERYBODY,
) -> Table:
    """Return what `completion_table` does, of sums that are kept wherever they hold: it may have no places,
    and no more communes to look at than are named.
    """
    asked: dict[str, Any] = {"programme": programme, "cadres": cadres, "narrowing": narrowing}
    asked |= {"edition": edition, "on": on, "reader": reader, "parent": parent}
    goals, regions = _goals(asked), None
    if counted_at == CountedAt.ENROLMENT and reader.scope.oversees_province:
        regions = read_regions(**asked, goals=goals)
    if regions is None:
        return _count_table(asked, goals, counted_at)
    rows = [row for row in regions.rows if is_shown(row, reader)]
    return Table(
        programme=programme,
        edition=edition,
        parent=parent,
        rows=rows,
        total=add_rows(rows, top=regions.top, reader=reader, goals=goals),
        places=[],
        to_look_at=regions.to_look_at,
        target_use=goals.use,
        narrowing=narrowing,
    )


def _goals(asked: Mapping[str, Any]) -> Goals:
    is_narrowed = asked["narrowing"].leaves_out
    of_whom = {name: asked[name] for name in ("programme", "edition", "cadres")}
    return read_goals(**of_whom, is_narrowed=is_narrowed)


def _count_table(asked: Mapping[str, Any], goals: Goals, counted_at: CountedAt) -> Table:
    """Return the table with all its places, as `completion_table` is asked for it."""
    of_whom = dict(asked)
    parent, edition = of_whom.pop("parent"), of_whom.pop("edition")
    counted = count_people(**of_whom, counted_at=counted_at, parent=parent)
    table = _lay_out(
        asked["programme"], edition, counted, goals, parent=parent, reader=asked["reader"]
    )
    return replace(table, counted_at=counted_at, narrowing=asked["narrowing"])


@one_moment()
def completion_table_as_of(
    *,
    programme: Programme,
    edition: BoundaryEdition,
    on: date,
    reader: User,
    parent: AdministrativeUnit | None = None,
    cadres: Collection[str] | None = None,
    counted_at: CountedAt = CountedAt.ENROLMENT,
) -> Table:
    """Return the table as of the end of a past day, told from facts; it tells of everybody."""
    asked: dict[str, Any] = {"programme": programme, "cadres": cadres}
    area = area_of(parent)
    counted = count_people_as_of(on=on, reader=reader, counted_at=counted_at, area=area, **asked)
    goals = read_goals(edition=edition, **asked)
    table = _lay_out(programme, edition, counted, goals, parent=parent, reader=reader)
    return replace(table, counted_at=counted_at)


@one_moment()
def training_table(
    *,
    programme: Programme,
    edition: BoundaryEdition,
    reader: User,
    parent: AdministrativeUnit | None = None,
    cadres: Collection[str] | None = None,
    narrowing: Narrowing = EVERYBODY,
) -> Table:
    """Return the same places with the training that was given there, among the figures of plug-ins;
    it counts where people were enrolled, and nobody twice for two things.
    """
    wanted = required_courses(programme=programme, cadres=cadres, narrowing=narrowing)
    enrolments = all_enrolments(
        programme=programme, cadres=wanted, reader=reader, narrowing=narrowing
    )
    period = narrowing.within or DayRange()
    figures: dict[int, Figures] = {}
    for one in training_figures:
        counted = one.count(enrolments, first=period.first, last=period.last)
        for unit, figure in counted.items():
            figures.setdefault(unit, Figures()).extra[one.key] = figure
    no_goals = Goals(TargetUse.NONE_SET)
    return _lay_out(programme, edition, Counted(figures), no_goals, parent=parent, reader=reader)


def _lay_out(
    programme: Programme,
    edition: BoundaryEdition,
    counted: Counted,
    goals: Goals,
    *,
    parent: AdministrativeUnit | None,
    reader: User,
) -> Table:
    if parent is not None:
        units, became = read_below(parent=parent, unit_ids=counted.units)
    else:
        units = {unit.pk: unit for unit in _shown_units(edition, reader)}
        became = place_units(unit_ids=counted.units, edition=edition, units=units)
    whole = Table(programme, edition, parent, [], Row(unit=None), [], [])
    return lay_out_on(
        whole, units=units, became=became, counted=counted, goals=goals, reader=reader
    )


def lay_out_on(
    empty: Table,
    *,
    units: dict[int, AdministrativeUnit],
    became: Became,
    counted: Counted,
    goals: Goals,
    reader: User,
) -> Table:
    """Return the table of what was counted, on these units and by what each counted one became; no query."""
    parent = empty.parent
    placed = place_figures(figures=counted.figures, became=became)
    top = parent or _top(units=units, placed=placed, reader=reader)
    rows = _rows(units=units, placed=placed, top=top, reader=reader, goals=goals)
    places = _places(units=units, placed=placed, rows=rows, goals=goals)
    if parent is None:
        rows += beyond_rows(placed)
        places += beyond_rows(placed) if places else []
    moves = place_moves(moves=counted.moves, became=became)
    _tell_moves(rows=places, moves=moves, units=units)
    moved, *ends = _tell_moves(rows=rows, moves=moves, units=units)
    rows = [row for row in rows if is_shown(row, reader)]
    return replace(
        empty,
        parent=parent or (top if top and top.level == Level.DISTRICT else None),
        rows=rows,
        total=replace(
            add_rows(rows, top=top, reader=reader, goals=goals), moved_in=ends[0], moved_out=ends[1]
        ),
        places=[place for place in places if is_shown(place, reader)],
        to_look_at=latest_first(place for place in places or rows if _is_commune(place)),
        moved=moved,
        target_use=goals.use,
    )


def _shown_units(edition: BoundaryEdition, reader: User) -> list[AdministrativeUnit]:
    """Return the provinces of the map in which the reader oversees
    something; all, where that is told on another map alone. At most two queries.
    """
    units = edition.units.order_by("path")
    own = [] if reader.scope.everywhere else list(units.filter(reader.scope.roots_q()))
    return own or list(units)


def _top(
    *,
    units: dict[int, AdministrativeUnit],
    placed: Mapping[int, Figures],
    reader: User,
) -> AdministrativeUnit | None:
    """Return the unit whose children are shown first: the province, or the one district in which
    all lies that the reader oversees; None for a map of several provinces, which then are the rows.
    """
    by_path = {unit.path: unit for unit in units.values()}
    province, *more = (unit for unit in units.values() if unit.level == Level.PROVINCE)
    if more:
        return None
    if reader.scope.oversees_province:
        return province
    depth = len(province.path) + AdministrativeUnit.steplen
    shown = [unit for unit in units.values() if reader.scope.covers(unit.path) or unit.pk in placed]
    above = {unit.path[:depth] for unit in shown}
    only = by_path[above.pop()] if len(above) == 1 else province
    return only if only.level == Level.DISTRICT else province


def _rows(
    *,
    units: dict[int, AdministrativeUnit],
    placed: Mapping[int, Figures],
    top: AdministrativeUnit | None,
    reader: User,
    goals: Goals,
) -> list[Row]:
    """Return one row a child of `top`, and one for the people of its own office; without a `top`
    the provinces.

    In the place of a district of which the reader oversees a part stand its communes.
    """
    above = top.path if top else ""
    depth = len(above) + AdministrativeUnit.steplen
    rows: dict[str, Row] = {}
    office = Row(unit=top, is_office=True)
    for unit in units.values():
        if not unit.path.startswith(above):
            continue
        district = rows.get(unit.path[:depth])
        if len(unit.path) == depth:
            rows[unit.path] = Row(unit=unit, is_office=_is_partly_seen(unit, reader))
        elif district is not None and district.is_office:
            rows[unit.path] = Row(unit=unit, district=district.unit)
        row = rows.get(unit.path) or rows.get(unit.path[:depth]) or office
        _count_in(row=row, alone=place_alone(unit, placed.get(unit.pk, Figures()), goals))
    for row in rows.values():
        if row.unit is not None and not row.is_office:
            row.goal = goals.of_unit(row.unit, below=row.goal)
    return [office, *rows.values()] if top else [*rows.values()]


def _is_partly_seen(unit: AdministrativeUnit, reader: User) -> bool:
    scope = reader.scope
    whole = scope.oversees_province or scope.covers(unit.path)
    return unit.level == Level.DISTRICT and not whole


def _places(
    *,
    units: dict[int, AdministrativeUnit],
    placed: Mapping[int, Figures],
    rows: list[Row],
    goals: Goals,
) -> list[Row]:
    """Return the communes and offices of the map where some rows are districts, each district's
    `latest` set on the way; [] where the rows are communes already.
    """
    if not any(_holds_communes(row) for row in rows):
        return []
    places: list[Row] = []
    for row in rows:
        if row.unit is None or not _holds_communes(row):
            places.append(replace(row))
            continue
        below = [
            replace(place_alone(unit, placed.get(unit.pk, Figures()), goals), district=row.unit)
            for unit in units.values()
            if unit.path.startswith(row.unit.path)
        ]
        places += below
        late = latest_first(place for place in below if not place.is_office)
        row.latest = next(iter(late), None)
    return places


def _is_commune(row: Row) -> bool:
    return row.unit is not None and row.unit.level == Level.COMMUNE


def _holds_communes(row: Row) -> bool:
    return row.unit is not None and row.unit.level != Level.COMMUNE and not row.is_office


def _count_in(*, row: Row, alone: Row) -> None:
    row.figures.add(alone.figures)
    row.goal += alone.goal
    if not alone.is_office:
        row.add_commune(alone)


def _tell_moves(
    *,
    rows: list[Row],
    moves: Iterable[Move],
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


def _row_by_place(rows: list[Row], units: dict[int, AdministrativeUnit]) -> dict[int, Row]:
    row_of: dict[int, Row] = {}
    wholes: dict[str, Row] = {}
    for row in rows:
        if row.unit is None:
            row_of.update({place_of(row.beyond): row} if row.beyond else {})
        elif row.is_office or row.unit.level == Level.COMMUNE:
            row_of[row.unit.pk] = row
        else:
            wholes[row.unit.path] = row
    depth = len(next(iter(wholes), ""))
    for unit in units.values():
        above = wholes.get(unit.path[:depth])
        if above is not None:
            row_of[unit.pk] = above
    return row_of
