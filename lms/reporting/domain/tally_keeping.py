"""Keeps the figures as the rows are: what has changed is counted anew, a unit at a time.

Triggers note what has changed, in the transaction of the change (`lms.reporting.triggers`). What is
noted is read before it is counted, and only that is struck off afterwards: a change that comes
between is counted once more. A process that is killed leaves all of it to the next.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import BigIntegerField, DateField, Model, Q, QuerySet, UUIDField, Value

from courses.models import Programme
from lms.accounts.models import User
from lms.core.compiled_queries import CompiledQuery
from lms.core.derived_rows import Fault, analyze, find_faults
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.queries import Reach, reach_of, units_in_reach
from lms.reporting.domain.tally_counting import Cell, Cells, Extra, count_cells
from lms.reporting.domain.tally_sums import (
    DAYS_KEPT,
    SAID,
    Place,
    Sum,
    add_up,
    describe_places,
    units_above,
    write_sums,
)
from lms.reporting.models import (
    CompletionTally,
    TallyColumn,
    TallyDue,
    TallyLimit,
    TallyPlace,
    TallyState,
    TallySum,
)

#: Units counted in one transaction: bounds how long it lasts.
UNITS: Final = 2000
_BATCH: Final = 5000
#: What is written anew where a programme is counted wholly.
KEPT: Final = (CompletionTally, TallyColumn, TallyLimit, TallyPlace, TallySum)


@dataclass(frozen=True)
class Difference:
    """One kept figure that is not what is counted now; `kept_in`: the model that holds it."""

    programme: str
    kept_in: type[Model]
    cell: tuple[Any, ...]
    fault: Fault

    def __str__(self) -> str:
        name = self.kept_in._meta.label
        return f"{self.programme}, {name}, {', '.join(map(str, self.cell))}: {self.fault}"


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
        state = _hold(programme, on)
        noted = TallyDue.objects.filter(programme_id=programme.pk)
        due = list(noted.values_list("pk", flat=True))
        cells = count_cells(programme=programme, on=on)
        _replace(state, cells, units=None)
        TallyDue.objects.filter(pk__in=due).delete()
    analyze(KEPT)
    return len({cell.unit for cell in cells.people})


def mend_tallies(*, on: date) -> list[Difference]:
    """Count all programmes anew; return what was wrong."""
    found = list(find_differences(on=on))
    for programme in Programme.objects.order_by("pk"):
        rebuild_tally(programme=programme, on=on)
    return found


def find_differences(*, on: date) -> Iterator[Difference]:
    """Yield each kept figure that is wrong, of the units that nothing is noted of, and each sum that
    is not that of the kept figures; write nothing.
    """
    for state in TallyState.objects.select_related("programme").order_by("pk"):
        programme = state.programme
        cells = count_cells(programme=programme, on=on)
        waiting = set(stale_units(programme=programme, on=on))
        kept = stored_cells(programme=programme)
        for model, wanted, stored in (
            (CompletionTally, cells.people, kept.people),
            (TallyColumn, cells.extra, kept.extra),
        ):
            for one in _faults(programme, model, wanted, stored):
                if one.cell[0] not in waiting:
                    yield one
        yield from _sum_differences(state)


def _sum_differences(state: TallyState) -> Iterator[Difference]:
    """Yield what does not follow from the kept figures, right or wrong as these are."""
    programme = state.programme
    cells = stored_cells(programme=programme)
    sums = add_up(
        people=cells.people, extra=cells.extra, above=units_above(), since=state.days_since
    )
    yield from _faults(
        programme, TallySum, sums, _stored(TallySum, Sum, "figure", programme=programme)
    )
    said = TallyPlace.objects.filter(programme=programme).values_list(*Place._fields, *SAID)
    width = len(Place._fields)
    places = {Place(*row[:width]): tuple(row[width:]) for row in said}
    yield from _faults(programme, TallyPlace, describe_places(cells.people), places)


def _faults(
    programme: Programme, model: type[Model], wanted: Any, stored: Any
) -> Iterator[Difference]:
    for cell, fault in find_faults(wanted=_sortable(wanted), stored=_sortable(stored)).items():
        yield Difference(programme.code, model, cell, fault)


def stored_cells(*, programme: Programme, units: Collection[int] | None = None) -> Cells:
    """Return the cells as they are kept, or those of these units; two queries."""
    within: dict[str, Any] = {"programme": programme}
    if units is not None:
        within["unit__in"] = units
    return Cells(
        people=Counter(_stored(CompletionTally, Cell, "people", **within)),
        extra=Counter(_stored(TallyColumn, Extra, "figure", **within)),
    )


def stale_units(*, programme: Programme, on: date) -> list[int]:
    """Return the units whose kept figures are not those of the day; one query."""
    noted = TallyDue.objects.filter(unit_id__isnull=False).values_list("unit_id")
    over = TallyLimit.objects.filter(programme=programme, good_through__lt=on).values_list("unit")
    return [unit for (unit,) in noted.union(over) if unit is not None]


@dataclass(frozen=True)
class Holding:
    """Which kept figures are those of a day: all but those of the `stale` units; sums tell the days of
    completions from `days_since` on. `version`: of all that is kept of the programme.
    """

    version: UUID
    days_since: date
    stale: list[int]


def what_holds(
    *,
    programme: Programme,
    on: date,
    reader: User,
    parent: AdministrativeUnit | None,
) -> Holding | None:
    """Return which kept figures are those of the day, of the reader's units and of the area of `parent`; None
    where none are. One query.
    """
    reach, values = reach_of(reader=reader, parent=parent)
    rows = _HOLDING.ask(on, reach, programme=programme.pk, **values)
    state = next(((version, day) for _unit, day, version in rows if day), None)
    stale = [unit for unit, *_state in rows if unit]
    # What is noted without a unit is all of the programme.
    is_stale = any(unit is None and day is None for unit, day, _version in rows)
    return None if state is None or is_stale else Holding(*state, stale)


def _holding(on: date, reach: Reach, *, programme: int, **values: Any) -> QuerySet[Any, Any]:
    no_unit, no_day = Value(None, BigIntegerField()), Value(None, DateField())
    no_version = Value(None, UUIDField())
    kept = TallyState.objects.filter(programme=programme, counted_on__lte=on)
    units = units_in_reach(reach, **values)
    here = Q() if units is None else Q(unit_id__in=units)
    of_units = Q(unit_id__isnull=False) & here
    noted = TallyDue.objects.filter(of_units | Q(programme_id=programme))
    over = TallyLimit.objects.filter(here, programme=programme, good_through__lt=on)
    return kept.values_list(no_unit, "days_since", "version").union(
        noted.values_list("unit_id", no_day, no_version),
        over.values_list("unit_id", no_day, no_version),
    )


_HOLDING = CompiledQuery(_holding)


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
                _replace(state, count_cells(programme=programme, on=on), units=None)
            elif units:
                cells = count_cells(programme=programme, on=on, units=units)
                _replace(state, cells, units=units)
            counted += len(units)
            if (units or programme.pk in asked) and state.counted_on != on:
                TallyState.objects.filter(pk=state.pk).update(counted_on=on)
        TallyDue.objects.filter(pk__in=noted).delete()
    if asked - {None}:
        analyze(KEPT)
    return counted or len(noted)


def _hold(programme: Programme, on: date) -> TallyState:
    TallyState.objects.update_or_create(
        programme=programme, defaults={"counted_on": on, "days_since": on - DAYS_KEPT}
    )
    return TallyState.objects.select_for_update().get(programme=programme)


def _replace(state: TallyState, cells: Cells, *, units: Collection[int] | None) -> None:
    programme = state.programme
    within: dict[str, Any] = {"programme": programme}
    if units is not None:
        within["unit__in"] = units
    TallyState.objects.filter(pk=state.pk).update(version=uuid4())
    write_sums(
        programme=programme,
        since=state.days_since,
        before=Cells() if units is None else stored_cells(programme=programme, units=units),
        after=cells,
        units=units,
    )
    for model in (CompletionTally, TallyColumn, TallyLimit):
        model._base_manager.filter(**within).delete()
    _write_cells(programme, cells)
    TallyLimit.objects.bulk_create(
        [
            TallyLimit(programme=programme, unit_id=unit, good_through=day)
            for unit, day in cells.limits.items()
        ],
        batch_size=_BATCH,
    )


def _write_cells(programme: Programme, cells: Cells) -> None:
    CompletionTally.objects.bulk_create(
        [
            CompletionTally(
                programme=programme,
                unit_id=cell.unit,
                course=cell.course,
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
                programme=programme,
                course=one.course,
                unit_id=one.unit,
                cadre=one.cadre,
                key=one.key,
                figure=figure,
            )
            for one, figure in cells.extra.items()
        ],
        batch_size=_BATCH,
    )


def _stored(model: Any, kind: Any, figure: str, **within: Any) -> dict[Any, int]:
    rows = model._base_manager.filter(**within).values_list(*kind._fields, figure)
    return {kind(*cell): value for *cell, value in rows}


def _sortable(cells: Any) -> dict[tuple[Any, ...], Any]:
    """Key cells so that they can be sorted: a day that is not told comes first."""
    return {
        (cell[0], *(str(part or "") for part in cell[1:])): figure for cell, figure in cells.items()
    }
