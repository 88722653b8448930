"""What is kept of whole regions and of single units, read at once and told alike: as sums."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Case, CharField, DateField, F, Q, QuerySet, Sum, Value, When

from lms.core.compiled_queries import CompiledQuery
from lms.reporting.domain.queries import NO_UNIT
from lms.reporting.domain.tally_sums import ALL_CADRES
from lms.reporting.domain.tally_sums import Sum as SumCell
from lms.reporting.enums import PersonState, SumKind
from lms.reporting.models import CompletionTally, TallyColumn, TallySum

_NO_DAY: Final = Value(None, DateField())
_IS_DAY: Final = Q(kind=SumKind.DAY)
_IS_COMPLETED: Final = Q(state=PersonState.COMPLETED)


@dataclass(frozen=True)
class KeptFigures:
    """`regions`: sums of all that lies in a unit; `alone`: of the people of a unit itself."""

    regions: Counter[SumCell] = field(default_factory=Counter)
    alone: Counter[SumCell] = field(default_factory=Counter)


class Kept(NamedTuple):
    """Which kept figures are asked for. Days of completions from `since` on are moved to the next of `days`.

    `version`: of the figures, as `TallyState` tells it in the same moment: what is told may be remembered under it.
    """

    version: UUID
    programme: int
    course: int
    cadre: str
    since: date
    days: tuple[date, ...]


def read_figures_kept(
    asked: Kept, *, regions: Collection[int], units: Collection[int]
) -> KeptFigures:
    """Return what is kept of these; one query, none of nothing."""
    kept = KeptFigures()
    if not regions and not units:
        return kept
    course, cadre = asked.course, asked.cadre
    rows = _KEPT.ask(
        cadre,
        asked.since,
        asked.days,
        programme=asked.programme,
        course=course,
        regions=[*regions] or [NO_UNIT],
        units=[*units] or [NO_UNIT],
    )
    for is_alone, unit, kind, key, sex, day, figure in rows:
        one = SumCell(unit, course, cadre, kind, key, sex, day)
        if not is_alone:
            kept.regions[one] += figure
            continue
        if kind == SumKind.STATE and key == PersonState.COMPLETED and day:
            # One row of a unit tells both how many completed and when.
            kept.alone[one._replace(kind=SumKind.DAY, key="", sex="")] += figure
            one = one._replace(day=None)
        kept.alone[one] += figure
    return kept


def _kept(
    cadre: str,
    since: date,
    days: Sequence[date],
    *,
    programme: int,
    course: int,
    regions: list[int],
    units: list[int],
) -> QuerySet[Any, Any]:
    asked: dict[str, Any] = {"programme": programme, "course": course}
    of_cadre, counted = Q(cadre=cadre), Q(cadre=cadre)
    if cadre == ALL_CADRES:
        of_cadre, counted = Q(), Q(in_all=True)
    sums = TallySum.objects.filter(
        ~_IS_DAY | Q(day__gte=since), unit__among=regions, cadre=cadre, **asked
    )
    cells = CompletionTally.objects.filter(counted, unit__among=units, **asked)
    columns = TallyColumn.objects.filter(of_cadre, unit__among=units, **asked)
    no_sex = Value("", CharField())
    return _told_alike(sums, _moved(days, When(~_IS_DAY, then=F("day"))), "figure").union(
        _told_alike(cells, _day_of_cells(since, days), "people", kind=SumKind.STATE, key="state"),
        _told_alike(columns, _NO_DAY, "figure", kind=SumKind.COLUMN, sex=no_sex),
        all=True,
    )


def _told_alike(
    rows: QuerySet[Any],
    day: Case | Value,
    figure: str,
    *,
    kind: SumKind | None = None,
    key: str = "key",
    **more: Value,
) -> QuerySet[Any, Any]:
    """Return rows in the form of sums; `kind`: of what they all are, of units alone."""
    if kind is not None:
        more["kind"] = Value(kind.value)
    told = rows.annotate(is_alone=Value(kind is not None), told_on=day, **more)
    columns = ("is_alone", "unit", "kind", key, "sex", "told_on")
    return told.values_list(*columns).annotate(told=Sum(figure)).order_by()


def _day_of_cells(since: date, days: Sequence[date]) -> Case:
    """Return when a class begins, or when people completed if that is told apart."""
    untold = ~_IS_COMPLETED | Q(day__isnull=True) | Q(day__lt=since)
    begins = When(state=PersonState.TO_COME, then=F("day"))
    return _moved(days, begins, When(untold, then=_NO_DAY))


def _moved(days: Sequence[date], *first: When) -> Case:
    """Return the day that the first of these tells, else the next of `days`."""
    of_days = (When(day__lte=day, then=Value(day)) for day in days)
    return Case(*first, *of_days, default=Value(days[-1]), output_field=DateField())


_KEPT = CompiledQuery(_kept)
