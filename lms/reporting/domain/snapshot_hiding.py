"""Which figures of a report leave the office hidden, so that neither it nor two reports together tell of few.

Reports of one programme tell of the same people where they are of the same evening: of a province and of
one of its districts, of a month and of the quarter that ends with it, of a report and of the one that
replaces it. A figure is the same in both where it is of the same unit and the same column and has the same
value; what was corrected in between is another figure. What has left the office stays told, so it is
the later report that hides more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lms.reporting.domain.small_numbers import Key, Sum, hidden_keys, is_small
from lms.reporting.domain.snapshot_sums import (
    Cell,
    cells_of_rows,
    figures_of_facts,
    rows_of_facts,
    sums_of_facts,
)
from lms.reporting.models import ReportSnapshot


@dataclass(frozen=True)
class Told:
    """What a report tells: its `facts`, of the unit with this code."""

    unit_code: str
    facts: Mapping[str, Any]

    @property
    def hidden(self) -> set[Cell]:
        return {(table, key, column) for table, key, column in self.facts["hidden"]}


@dataclass
class Together:
    """The figures of several reports as one system of sums."""

    figures: dict[Key, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)

    def add(self, report: Told, *, number: int) -> dict[Cell, Key]:
        """Add a report; return which figure each of its cells is."""
        units = {row["key"] for _table, row in rows_of_facts(report.facts) if row.get("unit")}
        known: dict[Cell, Key] = {}
        for cell, figure in figures_of_facts(report.facts).items():
            key: Key = _name_of(cell, report.unit_code, units)
            if self.figures.get(key, figure) != figure:
                key = (*key, number)
            self.figures[key] = figure
            known[cell] = key
        for one in sums_of_facts(report.facts):
            told = Sum(known[one.whole], tuple(known[part] for part in one.parts))
            if told.parts != (told.whole,):
                self.sums.append(told)
        return known


def _name_of(cell: Cell, unit_code: str, units: Iterable[str]) -> tuple[str, ...]:
    """Return by what a figure is known in every report: its unit and column; else its own unit's table."""
    table, key, column = cell
    if table == "total":
        return (unit_code, column)
    if table != "cadres" and key in units:
        return (key, column)
    return (unit_code, "cadres" if table == "cadres" else "beyond", key, column)


def cells_to_hide(*, report: Told, others: Sequence[Told]) -> set[Cell]:
    """Return which cells of a report are hidden beside others of the same evening that have left the office."""
    together = Together()
    told: set[Key] = set()
    hidden: set[Key] = set()
    for number, other in enumerate(others):
        for cell, key in together.add(other, number=number).items():
            (hidden if cell in other.hidden else told).add(key)
    own = together.add(report, number=len(others))
    found = hidden_keys(
        figures=together.figures,
        sums=together.sums,
        rows=[[own[cell] for cell in cells] for cells in cells_of_rows(report.facts)],
        told=told,
        kept_back=hidden - told - set(own.values()),
    )
    return {cell for cell, key in own.items() if key in found}


def hide_beside_others(*, snapshot: ReportSnapshot) -> None:
    """Write into the facts of a report, not saved, what leaves the office hidden.

    The caller keeps other reports of the programme from getting a number meanwhile.
    """
    others = _others(snapshot)
    report = Told(snapshot.unit.code, snapshot.facts)
    cells = cells_to_hide(report=report, others=[_told(one) for one in others])
    snapshot.facts["hidden"] = [list(cell) for cell in sorted(cells)]
    in_period = snapshot.facts["completed_in_period"]
    snapshot.facts["hides_period"] = any(
        is_small(abs(in_period - other.facts["completed_in_period"]))
        for other in others
        if other.unit_id == snapshot.unit_id and not other.facts.get("hides_period", False)
    )


def little_moves(*, snapshot: ReportSnapshot) -> tuple[ReportSnapshot, int] | None:
    """Return the report of the evening before with a number, and how many figures that both tell have
    moved by few people since; None where none has.
    """
    earlier = (
        ReportSnapshot.objects.filter(
            programme=snapshot.programme_id,
            unit=snapshot.unit_id,
            ends_on__lt=snapshot.ends_on,
            number__isnull=False,
        )
        .order_by("-ends_on", "-number")
        .first()
    )
    if earlier is None:
        return None
    before, now = figures_of_facts(earlier.facts), figures_of_facts(snapshot.facts)
    known = now.keys() & before.keys()
    known -= _told(earlier).hidden | _told(snapshot).hidden
    few = sum(is_small(abs(now[cell] - before[cell])) for cell in known)
    return (earlier, few) if few else None


def _told(snapshot: ReportSnapshot) -> Told:
    return Told(snapshot.unit.code, snapshot.facts)


def _others(snapshot: ReportSnapshot) -> list[ReportSnapshot]:
    """Return the reports with a number, whatever became of them, that tell of some of the same people."""
    same = ReportSnapshot.objects.filter(
        programme=snapshot.programme_id, ends_on=snapshot.ends_on, number__isnull=False
    )
    path = snapshot.unit.path
    found = same.exclude(pk=snapshot.pk).select_related("unit").order_by("approved_at", "pk")
    return [
        one for one in found if one.unit.path.startswith(path) or path.startswith(one.unit.path)
    ]
