"""What a table says in one sentence: how many places are done, who is not, where to begin."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from lms.geography.enums import Level
from lms.reporting.domain.tables import Row, Table, furthest_behind


@dataclass(frozen=True)
class Summary:
    """Counts of one table and the rows that lag behind.

    places: the rows that are units of their own (no office, nothing that lies on no unit);
    places_reached, places_done: those where somebody, where everybody has completed.
    behind: places with somebody to complete whose class has begun or who is in none, see
    `furthest_behind`; slowest_commune: the first commune in that order, below all rows.
    waiting: people whose class has not begun; starts_on: the first day of the first such class;
    communes_ahead: those where everybody waits for one.
    unknown: places for which nobody is recorded; unallocated: people who stand on no unit.
    """

    has_districts: bool
    places: int
    places_reached: int
    places_done: int
    behind: list[Row]
    unknown: list[Row]
    unallocated: int
    completed: int
    learning: int
    waiting: int
    unreached: int
    starts_on: date | None
    communes: int
    communes_done: int
    communes_unknown: int
    communes_ahead: int
    slowest_commune: Row | None
    most_unreached: Row | None
    most_learning: Row | None

    @property
    def people(self) -> int:
        return self.completed + self.missing

    @property
    def missing(self) -> int:
        return self.learning + self.waiting + self.unreached

    @property
    def is_done(self) -> bool:
        return self.people > 0 and not self.missing


def summarise(*, table: Table) -> Summary:
    """Return the table in short; no query."""
    places = [row for row in table.rows if row.unit is not None and not row.is_office]
    slowest = [row.slowest for row in places if row.slowest]
    figures = table.total.figures
    return Summary(
        has_districts=any(row.unit.level == Level.DISTRICT for row in places if row.unit),
        places=len(places),
        places_reached=sum(1 for row in places if row.figures.completed),
        places_done=sum(1 for row in places if row.is_done),
        behind=furthest_behind(places),
        unknown=[row for row in places if not row.figures.people],
        unallocated=sum(row.figures.people for row in table.rows if row.unit is None),
        completed=figures.completed,
        learning=figures.learning,
        waiting=figures.waiting,
        unreached=figures.unreached,
        starts_on=figures.starts_on,
        communes=table.total.communes,
        communes_done=table.total.communes_done,
        communes_unknown=table.total.communes_unknown,
        communes_ahead=table.total.communes_ahead,
        slowest_commune=next(iter(furthest_behind(slowest)), None),
        most_unreached=_most(table.rows, lambda row: row.figures.unreached),
        most_learning=_most(table.rows, lambda row: row.figures.learning),
    )


def share_of(row: Row) -> float:
    """Return a share from 0 to 1; a place without people has nothing to share and counts as 0."""
    return row.figures.completed / row.figures.people if row.figures.people else 0


def _most(rows: list[Row], figure: Callable[[Row], int]) -> Row | None:
    """Return the place with the most of something; None where nobody has any."""
    placed = [row for row in rows if row.unit is not None]
    found = max(placed, key=figure, default=None)
    return found if found is not None and figure(found) else None
