"""What a table says in one sentence: how many have completed, who is not, where to begin."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from lms.geography.enums import Level
from lms.reporting.domain.counting import Figures
from lms.reporting.domain.rows import Row, latest_first
from lms.reporting.domain.tables import Table
from lms.reporting.enums import Beyond, PersonState, TargetUse


@dataclass(frozen=True)
class Summary:
    """Counts of one table and the rows to look at.

    total: the last line of the table, with its communes; has_districts: whether the rows hold communes.
    unreached: communes where nobody is in any class, the largest first, of
    `total.communes_unreached`;
    late: the other places with people who are late, see `latest_first`; latest_commune: the first
    commune in that order that somebody was reached in, below all rows.
    beyond: people who stand on no unit of the map, by reason.
    target_use: whether it is compared with targets; districts_done: of how many districts.
    most: by state, the place with the most people in it; no entry where nobody is.
    """

    total: Row
    has_districts: bool
    unreached: list[Row]
    late: list[Row]
    latest_commune: Row | None
    beyond: Counter[Beyond]
    most: Mapping[PersonState, Row]
    target_use: TargetUse
    districts_done: tuple[int, int]

    @property
    def figures(self) -> Figures:
        return self.total.figures

    @property
    def is_done(self) -> bool:
        return self.figures.people > 0 and not self.figures.missing


def summarise(*, table: Table) -> Summary:
    """Return the table in short; no query."""
    places = _units(table.rows)
    districts = [row for row in places if row.unit and row.unit.level == Level.DISTRICT]
    has_districts = any(row.unit and row.unit.level != Level.COMMUNE for row in places)
    late = [row for row in latest_first(places) if has_districts or not row.is_unreached]
    below = [row for row in table.to_look_at if not row.is_unreached] if has_districts else []
    return Summary(
        total=table.total,
        has_districts=has_districts,
        unreached=[row for row in table.to_look_at if row.is_unreached],
        late=late,
        latest_commune=next(iter(below), None),
        beyond=Counter({row.beyond: row.figures.people for row in table.rows if row.beyond}),
        most=_most(table.rows),
        target_use=table.target_use,
        districts_done=(sum(row.is_done for row in districts), len(districts)),
    )


def share_of(row: Row) -> float:
    """Return what part of the goal is reached, 0 to 1; a place without a goal counts as 0."""
    return min(row.figures.completed / row.goal.people, 1) if row.goal.people else 0


def _units(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.unit is not None and not row.is_office]


def _most(rows: list[Row]) -> dict[PersonState, Row]:
    placed = [row for row in rows if row.unit is not None]
    most = {
        state: max(placed, key=lambda row: row.figures.count(state))
        for state in PersonState
        if placed
    }
    return {state: row for state, row in most.items() if row.figures.count(state)}
