"""Keeps the figures as the rows are: what has changed is counted anew, a unit at a time.

Triggers note what has changed, in the transaction of the change (`lms.reporting.triggers`). What is
noted is read before it is counted, and only that is struck off afterwards: a change that comes
between is counted once more. A process that is killed leaves all of it to the next.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction

from courses.models import Programme
from lms.core.derived_rows import Fault, find_faults
from lms.reporting.domain.tally_counting import Cell, Cells, Extra, count_cells
from lms.reporting.models import (
    CompletionTally,
    TallyColumn,
    TallyDue,
    TallyLimit,
    TallyState,
)

#: Units counted in one transaction: bounds how long it lasts.
UNITS: Final = 2000
_BATCH: Final = 5000


@dataclass(frozen=True)
class Difference:
    """One kept figure that is not what is counted now."""

    programme: str
    cell: tuple[Any, ...]
    fault: Fault

    def __str__(self) -> str:
        return f"{self.programme}, {', '.join(map(str, self.cell))}: {self.fault}"


def update_tallies(*, on: date) -> int:
    """Count anew whatever is noted as changed, or held until yesterday only; return how many units
    were counted, each programme by itself.

    A programme of which nothing is kept is counted wholly. Safe to run twice and to be killed.
    """
    counted = 0
    for programme in Programme.objects.exclude(pk__in=TallyState.objects.values("programme")):
        counted += rebuild_tally(programme=programme, on=on)
    while portion := _update_portion(on=on):
        counted += portion
    return counted


def rebuild_tally(*, programme: Programme, on: date) -> int:
    """Count all of a programme anew; return how many units have figures."""
    with transaction.atomic():
        _hold(programme, on)
        noted = TallyDue.objects.filter(programme_id=programme.pk)
        due = list(noted.values_list("pk", flat=True))
        cells = count_cells(programme=programme, on=on)
        _replace(programme, cells, units=None)
        TallyDue.objects.filter(pk__in=due).delete()
    return len({cell.unit for cell in cells.people})


def mend_tallies(*, on: date) -> list[Difference]:
    """Count all programmes anew; return what was wrong."""
    found = list(find_differences(on=on))
    for programme in Programme.objects.order_by("pk"):
        rebuild_tally(programme=programme, on=on)
    return found


def find_differences(*, on: date) -> Iterator[Difference]:
    """Yield each kept figure that is wrong, of the units that nothing is noted of; write nothing."""
    for state in TallyState.objects.select_related("programme").order_by("pk"):
        programme = state.programme
        cells = count_cells(programme=programme, on=on)
        waiting = set(stale_units(programme=programme, on=on))
        for wanted, stored in (
            (cells.people, _stored(CompletionTally, Cell, "people", programme)),
            (cells.extra, _stored(TallyColumn, Extra, "figure", programme)),
        ):
            faults = find_faults(wanted=_sortable(wanted), stored=_sortable(stored))
            for cell, fault in faults.items():
                if cell[0] not in waiting:
                    yield Difference(programme.code, cell, fault)


def stale_units(*, programme: Programme, on: date) -> list[int]:
    """Return the units whose kept figures are not those of the day; one query."""
    noted = TallyDue.objects.filter(unit_id__isnull=False).values_list("unit_id")
    over = TallyLimit.objects.filter(programme=programme, good_through__lt=on).values_list("unit")
    return [unit for (unit,) in noted.union(over) if unit is not None]


def _update_portion(*, on: date) -> int:
    """Count the next units anew in one transaction; return how many."""
    with transaction.atomic():
        # In one order, so that two who do this never wait for each other.
        states = list(TallyState.objects.select_for_update().order_by("pk"))
        noted = dict(TallyDue.objects.order_by("pk").values_list("pk", "unit_id")[:_BATCH])
        asked = set(TallyDue.objects.filter(pk__in=noted).values_list("programme_id", flat=True))
        changed = {unit for unit in noted.values() if unit is not None}
        counted = 0
        for state in states:
            programme = Programme.objects.get(pk=state.programme_id)
            over = TallyLimit.objects.filter(programme=programme, good_through__lt=on)
            units = changed | set(over.values_list("unit", flat=True)[:UNITS])
            if programme.pk in asked:
                _replace(programme, count_cells(programme=programme, on=on), units=None)
            elif units:
                cells = count_cells(programme=programme, on=on, units=units)
                _replace(programme, cells, units=units)
            counted += len(units)
            if (units or programme.pk in asked) and state.counted_on != on:
                TallyState.objects.filter(pk=state.pk).update(counted_on=on)
        TallyDue.objects.filter(pk__in=noted).delete()
    return counted or len(noted)


def _hold(programme: Programme, on: date) -> None:
    TallyState.objects.update_or_create(programme=programme, defaults={"counted_on": on})
    TallyState.objects.select_for_update().get(programme=programme)


def _replace(programme: Programme, cells: Cells, *, units: Collection[int] | None) -> None:
    within: dict[str, Any] = {"programme": programme}
    if units is not None:
        within["unit__in"] = units
    for model in (CompletionTally, TallyColumn, TallyLimit):
        model._base_manager.filter(**within).delete()
    CompletionTally.objects.bulk_create(
        [
            CompletionTally(
                programme=programme,
                unit_id=cell.unit,
                cadre=cell.cadre,
                sex=cell.sex,
                state=cell.state,
                day=cell.day,
                in_all=cell.in_all,
                people=people,
            )
            for cell, people in cells.people.items()
        ],
        batch_size=_BATCH,
    )
    TallyColumn.objects.bulk_create(
        [
            TallyColumn(
                programme=programme, unit_id=one.unit, cadre=one.cadre, key=one.key, figure=figure
            )
            for one, figure in cells.extra.items()
        ],
        batch_size=_BATCH,
    )
    TallyLimit.objects.bulk_create(
        [
            TallyLimit(programme=programme, unit_id=unit, good_through=day)
            for unit, day in cells.limits.items()
        ],
        batch_size=_BATCH,
    )


def _stored(model: Any, kind: Any, figure: str, programme: Programme) -> dict[Any, int]:
    rows = model._base_manager.filter(programme=programme).values_list(*kind._fields, figure)
    return {kind(*cell): value for *cell, value in rows}


def _sortable(cells: Any) -> dict[tuple[Any, ...], Any]:
    """Key cells so that they can be sorted: a day that is not told comes first."""
    return {
        (cell[0], *(str(part or "") for part in cell[1:])): figure for cell, figure in cells.items()
    }
