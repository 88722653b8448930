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

from lms.reporting.domain.small_numbers import Key, Sum, hidden_keys, is_small, tells_small
from lms.reporting.domain.snapshot_sums import (
    COLUMNS,
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
    """The figures of several reports as one system of sums; each is known by its value as well, so that
    what was corrected in between is another one, whichever report told it first.
    """

    figures: dict[Key, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)

    def add(self, report: Told) -> dict[Cell, Key]:
        """Add a report; return which figure each of its cells is."""
        units = {row["key"] for _table, row in rows_of_facts(report.facts) if row.get("unit")}
        known: dict[Cell, Key] = {}
        for cell, figure in figures_of_facts(report.facts).items():
            known[cell] = (*_name_of(cell, report.unit_code, units), figure)
            self.figures[known[cell]] = figure
        for one in sums_of_facts(report.facts):
            told = Sum(known[one.whole], tuple(known[part] for part in one.parts))
            if told.parts != (told.whole,):
                self.sums.append(told)
        return known

    def link_cadres(self, reports: Sequence[Told], cells: Sequence[Mapping[Cell, Key]]) -> set[Key]:
        """Add that each cadre of a whole is that of its districts with a report, and of all others there.

        Returns the figures of these others: no report tells them, and none may by subtraction.
        """
        others: set[Key] = set()
        for report, own in zip(reports, cells, strict=True):
            # Of each district one: what was corrected in it since is not added twice.
            below = {
                other.unit_code: known
                for other, known in zip(reports, cells, strict=True)
                if _is_row_of(other, report)
            }
            for cell, whole in own.items():
                parts = {known[cell]: None for known in below.values() if cell in known}
                rest = self.figures[whole] - sum(self.figures[part] for part in parts)
                if cell[0] == "cadres" and parts and rest >= 0:
                    left = ("others", whole, *parts)
                    self.figures[left] = rest
                    self.sums.append(Sum(whole, (*parts, left)))
                    others.add(left)
        return others


def _is_row_of(below: Told, report: Told) -> bool:
    """Return whether a report tells of the same people as a row of another one."""
    rows = (row for row in report.facts["rows"] if row["key"] == below.unit_code)
    total = below.facts["total"]
    return any(all(row[one] == total[one] for one in COLUMNS) for row in rows)


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
    together, reports = Together(), [*others, report]
    cells = [together.add(one) for one in reports]
    rest = together.link_cadres(reports, cells)
    *gone, own = cells
    told: set[Key] = set()
    hidden: set[Key] = set()
    for other, known in zip(others, gone, strict=True):
        of_other = other.hidden
        for cell, key in known.items():
            (hidden if cell in of_other else told).add(key)
    found = hidden_keys(
        figures=together.figures,
        sums=[*dict.fromkeys(together.sums)],
        rows=[[own[cell] for cell in row] for row in cells_of_rows(report.facts)],
        told=told,
        kept_back=(hidden | rest) - told - set(own.values()),
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
    snapshot.facts["hides_period"] = _districts_tell_few(snapshot, others) or any(
        is_small(abs(in_period - other.facts["completed_in_period"]))
        for other in others
        if other.unit_id == snapshot.unit_id and not other.facts.get("hides_period", False)
    )


def is_period_told(facts: Mapping[str, Any]) -> bool:
    """Return whether a report tells how many completed in the period: not where that would tell of a small
    group who completed before, give back a total that is hidden, or tell of few beside another report.
    """
    in_period, completed = facts["completed_in_period"], facts["total"]["completed"]
    is_hidden = ["total", "total", "completed"] in facts["hidden"]
    beside = facts.get("hides_period", False)
    return not (is_hidden or beside or tells_small(in_period, completed - in_period))


def _districts_tell_few(snapshot: ReportSnapshot, others: Iterable[ReportSnapshot]) -> bool:
    """Return whether those who completed in the period are few in the rest of a province, of the same
    days as those of its districts.
    """
    told = [one for one in others if is_period_told(one.facts)]
    same = {one.unit: one for one in [*told, snapshot] if one.starts_on == snapshot.starts_on}
    return any(
        is_small(
            whole.facts["completed_in_period"]
            - sum(
                one.facts["completed_in_period"]
                for below, one in same.items()
                if below != unit and below.path.startswith(unit.path)
            )
        )
        for unit, whole in same.items()
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
    """Return the reports of the evening with a number, whatever became of them: those of other districts
    tell together with their province, and those of another map of the same people.
    """
    same = ReportSnapshot.objects.filter(
        programme=snapshot.programme_id, ends_on=snapshot.ends_on, number__isnull=False
    )
    found = same.exclude(pk=snapshot.pk).select_related("unit").order_by("approved_at", "pk")
    return list(found)
