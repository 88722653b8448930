"""Figures by unit, of the kept ones wherever they hold and of the rows themselves elsewhere."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, DateField, F, Q, QuerySet, Sum, Value, When

from courses.models import Programme
from lms.accounts.models import User
from lms.core.compiled_queries import CompiledQuery
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.counting import Figures, count_by_unit
from lms.reporting.domain.counting_units import count_units
from lms.reporting.domain.narrowing import EVERYBODY, Narrowing
from lms.reporting.domain.queries import Reach, area_of, reach_of, units_in_reach
from lms.reporting.domain.tally_counting import is_kept, keeps_course, kept_course
from lms.reporting.domain.tally_keeping import what_holds
from lms.reporting.domain.trend import first_day
from lms.reporting.enums import PersonState
from lms.reporting.extensions import report_columns
from lms.reporting.models import CompletionTally, TallyColumn

# Beyond so many units the rows themselves are counted at once: a list of them costs more.
MOST_STALE = 500


def count_figures(
    *,
    programme: Programme,
    on: date,
    reader: User,
    cadres: Collection[str] | None = None,
    narrowing: Narrowing = EVERYBODY,
    parent: AdministrativeUnit | None = None,
) -> dict[int, Figures]:
    """Return what `count_by_unit` does of the area of `parent`, of kept figures as far as they are those of this day.

    Units of which a change is noted and not yet counted are counted of the rows themselves: the
    figures are those of this moment, whether or not anybody keeps up with the changes.
    """
    of_whom: dict[str, Any] = {"programme": programme, "on": on, "cadres": cadres}
    of_whom["narrowing"] = narrowing
    asked = of_whom | {"reader": reader}
    if not keeps_all(programme=programme, cadres=cadres, narrowing=narrowing):
        return count_by_unit(**asked, area=area_of(parent))
    holding = what_holds(programme=programme, on=on, reader=reader, parent=parent)
    if holding is None or len(holding.stale) > MOST_STALE:
        return count_by_unit(**asked, area=area_of(parent))
    stale = holding.stale
    figures = read_kept(stale=stale, parent=parent, **asked)
    if stale:
        figures |= count_units(units=stale, **of_whom)
    return figures


def keeps_all(
    *, programme: Programme, cadres: Collection[str] | None, narrowing: Narrowing
) -> bool:
    """Return whether figures of these people are kept, and those of every plug-in; one query at most."""
    if narrowing.leaves_out_people or (cadres is not None and len(set(cadres)) != 1):
        return False
    return all(map(is_kept, report_columns)) and keeps_course(
        programme=programme, narrowing=narrowing
    )


def read_kept(
    *,
    stale: Collection[int],
    programme: Programme,
    on: date,
    reader: User,
    cadres: Collection[str] | None,
    narrowing: Narrowing,
    parent: AdministrativeUnit | None,
) -> dict[int, Figures]:
    """Return the figures of the units of `parent` as they are kept, without those that are stale; one query."""
    reach, values = reach_of(reader=reader, parent=parent)
    rows = _KEPT.ask(
        narrowing.looks_back_to(first_day(on=on)),
        None if cadres is None else tuple(cadres),
        reach,
        programme=programme.pk,
        course=kept_course(programme=programme, narrowing=narrowing),
        **values,
    )
    left_out = set(stale)
    return _as_figures(row for row in rows if row[0] not in left_out)


def _kept(
    since: date,
    cadres: tuple[str, ...] | None,
    reach: Reach,
    *,
    programme: int,
    course: int,
    **values: Any,
) -> QuerySet[Any, Any]:
    # Whoever completed before that stands on the day before: ten years are one row of a unit.
    before = since - timedelta(days=1)
    earlier = When(state=PersonState.COMPLETED, day__lt=before, then=Value(before))
    day = Case(earlier, default=F("day"), output_field=DateField())
    here = Q(course=course, programme=programme)
    units = units_in_reach(reach, **values)
    if units is not None:
        here &= Q(unit__in=units)
    of_cadres = Q() if cadres is None else Q(cadre__in=cadres)
    counted = Q(in_all=True) if cadres is None else of_cadres
    cells = CompletionTally.objects.filter(here & counted).annotate(told_on=day).order_by()
    people = cells.values_list("unit", "state", "told_on", "sex").annotate(told=Sum("people"))
    # A figure of a plug-in has neither day nor sex: there the key stands for the state.
    no_day, no_sex = Value(None, DateField()), Value(None, CharField())
    extra = TallyColumn.objects.filter(here & of_cadres).annotate(told_on=no_day, sex=no_sex)
    columns = extra.order_by().values_list("unit", "key", "told_on", "sex")
    return people.union(columns.annotate(told=Sum("figure")), all=True)


_KEPT = CompiledQuery(_kept)


def _as_figures(rows: Iterable[Any]) -> dict[int, Figures]:
    figures: dict[int, Figures] = {}
    for unit, state, told_on, sex, figure in rows:
        one = figures.get(unit) or figures.setdefault(unit, Figures())
        if sex is None:
            one.extra[state] = figure
            continue
        one.add_people(PersonState(state), figure, sex, told_on)
        if state == PersonState.COMPLETED:
            one.days[told_on] += figure
    return figures
