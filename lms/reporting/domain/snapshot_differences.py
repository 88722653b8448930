"""What became otherwise since a report was frozen: cells, and the people behind them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lms.accounts.enums import Cadre
from lms.accounts.models import User
from lms.core.one_moment import one_moment
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.people_as_of import find_people_as_of
from lms.reporting.domain.rows import Row, row_label
from lms.reporting.domain.snapshot_facts import figures_of, key_of
from lms.reporting.domain.snapshot_sums import COLUMNS
from lms.reporting.domain.tables import completion_table_as_of
from lms.reporting.enums import PersonState
from lms.reporting.models import ReportSnapshot

_Stand = tuple[int, str, PersonState]
_Stands = dict[int, list[_Stand]]


@dataclass(frozen=True)
class CellDifference:
    """A figure of a place, as it was frozen and as the same day is told now."""

    place: str
    column: str
    frozen: int
    now: int


@dataclass(frozen=True)
class PersonDifference:
    """Somebody who is counted otherwise; `frozen` or `now` "" where not counted at all."""

    user: User
    frozen: str
    now: str


@dataclass(frozen=True)
class Differences:
    cells: list[CellDifference]
    people: list[PersonDifference]


@one_moment()
def differences_of(*, snapshot: ReportSnapshot, reader: User) -> Differences:
    """Return what the last day of the period would say now, beside what was frozen; nothing is
    written. The names are for the reader of the report, who oversees its whole unit.
    """
    unit = snapshot.unit
    below = None if unit.level == Level.PROVINCE else unit
    asked: dict[str, Any] = {
        "programme": snapshot.programme,
        "edition": snapshot.edition,
        "on": snapshot.ends_on,
        "reader": reader,
    }
    table = completion_table_as_of(**asked, parent=below)
    people = find_people_as_of(**asked, unit=below).people
    now: _Stands = {one.user: [(one.place, one.held, one.state)] for one in people}
    # Whose two records were made one since was counted twice.
    frozen: _Stands = {}
    for row in snapshot.people.order_by("pk"):
        stand = (row.unit_id, row.cadre, PersonState(row.state))
        frozen.setdefault(row.user_id, []).append(stand)
    return Differences(
        cells=list(_cells(snapshot, [*table.rows, *table.places], table.total)),
        people=_people(frozen, now),
    )


def _cells(snapshot: ReportSnapshot, rows: list[Row], total: Row) -> Iterator[CellDifference]:
    then = {one["key"]: one for name in ("rows", "places") for one in snapshot.facts[name]}
    now = {key_of(row): (row_label(row), figures_of(row)) for row in rows}
    for key in dict.fromkeys([*then, *now]):
        old = then.get(key, {})
        label, new = now.get(key, (old.get("label", ""), {}))
        yield from _row(label, old, new)
    yield from _row(_("Total"), snapshot.facts["total"], figures_of(total))


def _row(label: str, old: Mapping[str, Any], new: Mapping[str, int]) -> Iterator[CellDifference]:
    for column in COLUMNS:
        before, after = old.get(column, 0), new.get(column, 0)
        if before != after:
            yield CellDifference(label, column, before, after)


def _people(frozen: _Stands, now: _Stands) -> list[PersonDifference]:
    changed = [user for user in frozen.keys() | now.keys() if frozen.get(user) != now.get(user)]
    units = AdministrativeUnit.objects.in_bulk(
        {unit for found in (frozen, now) for user in changed for unit, *_ in found.get(user, ())}
    )
    users = User.objects.filter(pk__in=changed).order_by("sort_key", "staff_code")
    return [
        PersonDifference(
            user, _told(frozen.get(user.pk, ()), units), _told(now.get(user.pk, ()), units)
        )
        for user in users
    ]


def _told(stands: Sequence[_Stand], units: Mapping[int, AdministrativeUnit]) -> str:
    return "; ".join(
        f"{units[unit]}, {Cadre(cadre).label}: {state.label}" for unit, cadre, state in stands
    )
