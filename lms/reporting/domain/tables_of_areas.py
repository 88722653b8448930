"""The report of many areas at once: counted together, laid out for each reader of one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from courses.models import Programme
from lms.accounts.models import User
from lms.accounts.models.scope import UnitScope
from lms.core.one_moment import one_moment
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.counting import Figures
from lms.reporting.domain.current_place import Counted
from lms.reporting.domain.goals import Goals, read_goals
from lms.reporting.domain.placing import Became, became_of, place_of
from lms.reporting.domain.rows import Row
from lms.reporting.domain.tables import Table, lay_out_on
from lms.reporting.domain.tally_reading import count_figures
from lms.reporting.enums import Beyond


@dataclass(frozen=True)
class _Map:
    """What stands on the map of a programme, where it was counted, and the path of each counted unit."""

    units: Mapping[int, AdministrativeUnit]
    figures: Mapping[int, Figures]
    became: Became
    paths: Mapping[int, str]


def tables_of_areas(
    *, programme: Programme, on: date, readers: Sequence[User]
) -> Iterator[tuple[User, Table]]:
    """Yield for each reader what `completion_table` tells of the own area on the map of the programme.

    The queries of one report, whatever the number of readers: a figure of a unit is the same for
    whoever oversees it, since each person is counted in one unit of all.
    """
    on_map, goals = _read(programme=programme, on=on, readers=readers)
    for reader in readers:
        units = _shown(on_map.units, reader.scope)
        counted = Counted(
            {pk: one for pk, one in on_map.figures.items() if reader.scope.covers(on_map.paths[pk])}
        )
        became = {pk: _place(pk, units, on_map) for pk in counted.units}
        empty = Table(programme, programme.edition, None, [], Row(unit=None), [], [])
        yield (
            reader,
            lay_out_on(
                empty, units=units, became=became, counted=counted, goals=goals, reader=reader
            ),
        )


@one_moment()
def _read(*, programme: Programme, on: date, readers: Sequence[User]) -> tuple[_Map, Goals]:
    return (
        _read_map(programme=programme, on=on, readers=readers),
        read_goals(programme=programme, edition=programme.edition, cadres=None),
    )


def _read_map(*, programme: Programme, on: date, readers: Sequence[User]) -> _Map:
    edition = programme.edition
    figures = count_figures(programme=programme, on=on, reader=_all_together(readers))
    units = {one.pk: one for one in edition.units.order_by("path")}
    paths = {pk: one.path for pk, one in units.items()}
    elsewhere = AdministrativeUnit.objects.filter(pk__in=figures.keys() - units.keys()).order_by()
    others = dict(elsewhere.values_list("pk", "path")) if figures.keys() - units.keys() else {}
    became = became_of(units=elsewhere, edition=edition) if others else {}
    return _Map(units, figures, became, paths | others)


def _all_together(readers: Sequence[User]) -> User:
    """Return somebody who oversees all that these people do; no row of the register."""
    scopes = [one.scope for one in readers]
    everybody = User()
    everybody.scope = UnitScope(
        assignments=tuple(sorted({pair for scope in scopes for pair in scope.assignments})),
        everywhere=any(scope.everywhere for scope in scopes),
    )
    return everybody


def _shown(
    units: Mapping[int, AdministrativeUnit], scope: UnitScope
) -> dict[int, AdministrativeUnit]:
    """Return the units of the provinces in which something is overseen; all, where that is on another map."""
    roots = tuple({path[: AdministrativeUnit.steplen] for _role, path in scope.assignments})
    own = {} if scope.everywhere else {p: u for p, u in units.items() if u.path.startswith(roots)}
    return own or dict(units)


def _place(pk: int, shown: Mapping[int, AdministrativeUnit], on_map: _Map) -> int:
    if pk in shown:
        return pk
    return place_of(Beyond.AWAY) if pk in on_map.units else on_map.became[pk]
