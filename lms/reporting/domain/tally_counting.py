"""The cells of the kept figures, counted of the rows themselves: at the unit stamped, on one day."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple, cast

from django.db.models import Case, Count, DateField, F, Min, Q, QuerySet, When
from django.db.models.functions import TruncDate

from courses.models import Enrolment, Programme
from lms.accounts.models import Posting, User
from lms.accounts.models.scope import UnitScope
from lms.reporting.domain.counting import all_enrolments, part_key
from lms.reporting.domain.queries import (
    completed_q,
    enrolled_people,
    people_of,
    posted_people,
    required_courses,
)
from lms.reporting.domain.states import annotate_states
from lms.reporting.domain.trend import completed_at
from lms.reporting.enums import PersonState
from lms.reporting.extensions import ReportColumn, report_columns

_A_DAY = timedelta(days=1)


class Cell(NamedTuple):
    """The columns of a `CompletionTally` but for its programme and the number of people."""

    unit: int
    cadre: str
    sex: str
    state: str
    day: date | None
    in_all: bool


class Extra(NamedTuple):
    """The columns of a `TallyColumn` but for its programme and the figure."""

    unit: int
    cadre: str
    key: str


@dataclass
class Cells:
    """What a programme counts, and by unit the last day on which that holds by itself."""

    people: Counter[Cell] = field(default_factory=Counter)
    extra: Counter[Extra] = field(default_factory=Counter)
    limits: dict[int, date] = field(default_factory=dict)


class _Everybody:
    """A reader who oversees all: the kept figures are everybody's."""

    scope = UnitScope(everywhere=True)


EVERYBODY = cast("User", _Everybody())


def is_kept(column: ReportColumn) -> bool:
    """Return whether the figures of a column are kept: it says of which tables they follow."""
    return column.sources is not None


def count_cells(*, programme: Programme, on: date, units: Collection[int] | None = None) -> Cells:
    """Count all cells of a programme, or those of these units; the number of queries does not
    depend on the number of people.
    """
    cells = Cells()
    required = required_courses(programme=programme)
    within = {} if units is None else {"unit__in": units}
    enrolled = enrolled_people(programme=programme, cadres=required, reader=EVERYBODY)
    enrolled = enrolled.filter(**within)
    marked = annotate_states(
        enrolled,
        programme=programme,
        requirements=required,
        on=on,
        among=None if units is None else people_of(units),
    )
    done_at = completed_at(programme=programme, requirements=required)
    day = Case(
        When(state=PersonState.COMPLETED, then=TruncDate("done_at")),
        default=F("begins"),
        output_field=DateField(),
    )
    dated = marked.annotate(done_at=done_at).annotate(day=day)
    grouped = dated.values_list("unit", "cadre", "user__sex", "state", "day")
    counted = grouped.annotate(people=Count("pk")).order_by()
    for unit, cadre, sex, state, on_day, people in counted:
        cells.people[Cell(unit, cadre, sex, state, on_day, in_all=True)] += people
    _add_posted(cells, programme=programme, on=on, cadres=required, within=within)
    for cadre, courses in required.items():
        done = completed_q(programme=programme, requirements={cadre: courses})
        _add_columns(cells, programme, cadre, enrolled.filter(done), within)
    _add_limits(cells, programme=programme, on=on, within=within)
    return cells


def _add_posted(
    cells: Cells, *, programme: Programme, on: date, cadres: Collection[str], within: dict[str, Any]
) -> None:
    """Add those whom no class has reached, as all cadres and as each cadre alone would count them."""
    in_all = _posted(programme, on, cadres, within)
    for (unit, cadre, sex), people in in_all.items():
        cells.people[Cell(unit, cadre, sex, PersonState.NO_CLASS, None, in_all=True)] += people
    for asked in cadres:
        alone = _posted(programme, on, [asked], within)
        alone.subtract({key: n for key, n in in_all.items() if key[1] == asked})
        for (unit, cadre, sex), people in (+alone).items():
            cells.people[Cell(unit, cadre, sex, PersonState.NO_CLASS, None, in_all=False)] += people


def _posted(
    programme: Programme, on: date, cadres: Collection[str], within: dict[str, Any]
) -> Counter[tuple[int, str, str]]:
    posted = posted_people(programme=programme, cadres=cadres, on=on, reader=EVERYBODY)
    grouped = posted.filter(**within).values_list("unit", "cadre", "user__sex")
    counted = grouped.annotate(people=Count("pk")).order_by()
    return Counter({(unit, cadre, sex): people for unit, cadre, sex, people in counted})


def _add_columns(
    cells: Cells,
    programme: Programme,
    cadre: str,
    people: QuerySet[Enrolment],
    within: dict[str, Any],
) -> None:
    enrolments = all_enrolments(programme=programme, cadres=[cadre], reader=EVERYBODY)
    for column in filter(is_kept, report_columns):
        told = {column.key: column.count(enrolments.filter(**within))}
        for part, counted in column.count_parts(people).items():
            told[part_key(column.key, part)] = counted
        for key, figures in told.items():
            for unit, figure in figures.items():
                if figure:
                    cells.extra[Extra(unit, cadre, key)] += figure


def _add_limits(cells: Cells, *, programme: Programme, on: date, within: dict[str, Any]) -> None:
    """Add when the clock alone changes a unit: another first post of somebody, a class that begins."""
    posts = (
        Posting.objects.filter(**within)
        .values_list("unit")
        .annotate(
            begins=Min("user__postings__valid_from", filter=Q(user__postings__valid_from__gt=on)),
            ends=Min("user__postings__valid_to", filter=Q(user__postings__valid_to__gte=on)),
        )
    )
    for unit, begins, ends in posts.order_by():
        _limit(cells, unit, begins - _A_DAY if begins else None)
        _limit(cells, unit, ends)
    ahead = Q(user__enrolments__run__starts_on__gt=on)
    classes = Enrolment.objects.filter(run__programme=programme, **within).values_list("unit")
    begins = Min("user__enrolments__run__starts_on", filter=ahead)
    for unit, first in classes.annotate(first=begins).order_by():
        _limit(cells, unit, first - _A_DAY if first else None)


def _limit(cells: Cells, unit: int, day: date | None) -> None:
    if day is not None:
        cells.limits[unit] = min(day, cells.limits.get(unit, day))
