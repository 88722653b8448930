"""What a table says in one sentence: how many have completed, who is not, where to begin."""

from collections.abc import Mapping
from dataclasses import dataclass

from lms.geography.enums import Level
from lms.reporting.domain.counting import Figures
from lms.reporting.domain.tables import Row, Table, latest_first
from lms.reporting.enums import PersonState


@dataclass(frozen=True)
class Summary:
    """Counts of one table and the rows to look at.

    total: the last line of the table, with its communes.
    places: the rows that are units of their own (no office, nothing that lies on no unit);
    places_reached, places_done: those where somebody, where everybody has completed.
    unreached: the communes where nobody is in any class, the largest first;
    late: the other places with people who are late, see `latest_first`; latest_commune: the first
    commune in that order that somebody was reached in, below all rows.
    unallocated: people who stand on no unit.
    most: by state, the place with the most people in it; no entry where nobody is.
    """

    total: Row
    has_districts: bool
    places: int
    places_reached: int
    places_done: int
    unreached: list[Row]
    late: list[Row]
    latest_commune: Row | None
    unallocated: int
    most: Mapping[PersonState, Row]

    @property
    def figures(self) -> Figures:
        return self.total.figures

    @property
    def is_done(self) -> bool:
        return self.figures.people > 0 and not self.figures.missing


def summarise(*, table: Table) -> Summary:
    """Return the table in short; no query."""
    places = _units(table.rows)
    has_districts = any(row.unit and row.unit.level == Level.DISTRICT for row in places)
    communes = latest_first(_units(table.places) if has_districts else places)
    late = [row for row in latest_first(places) if has_districts or not row.is_unreached]
    below = [row for row in communes if not row.is_unreached] if has_districts else []
    return Summary(
        total=table.total,
        has_districts=has_districts,
        places=len(places),
        places_reached=sum(1 for row in places if row.figures.completed),
        places_done=sum(1 for row in places if row.is_done),
        unreached=[row for row in communes if row.is_unreached],
        late=late,
        latest_commune=next(iter(below), None),
        unallocated=sum(row.figures.people for row in table.rows if row.unit is None),
        most=_most(table.rows),
    )


def share_of(row: Row) -> float:
    """Return a share from 0 to 1; a place without people has nothing to share and counts as 0."""
    return row.figures.completed / row.figures.people if row.figures.people else 0


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
