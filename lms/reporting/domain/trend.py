"""When people completed the programme, as the days of their completions tell: what a line is drawn
from, and how many have come since a day.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, DateField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Greatest, TruncDate

from courses.enums import EnrolmentStatus
from courses.models import Enrolment, Programme
from lms.core.local_time import local_moment
from lms.reporting.domain.narrowing import DayRange
from lms.reporting.domain.queries import Requirements

# A line holds a year in steps of 30 days; what was completed earlier is one sum.
STEP = timedelta(days=30)
STEPS = 12
WEEK = timedelta(days=7)
Days = Counter[date]


def first_day(*, on: date) -> date:
    """Return where a line that ends `on` begins."""
    return on - STEPS * STEP


def days_asked(*, on: date, within: DayRange | None) -> list[date]:
    """Return the days of which it is asked how many had completed by then, in their order: those of the
    line, that a week ago, and the ends of a period.
    """
    days = {on - WEEK, *(on - step * STEP for step in range(STEPS + 1))}
    if within and within.first:
        days.add(within.first - timedelta(days=1))
    if within and within.last:
        days.add(within.last)
    return sorted(days)


def count_days(
    *,
    people: QuerySet[Any],
    programme: Programme,
    requirements: Requirements,
    since: date,
) -> dict[int, Days]:
    """Return, by unit, on which days these people completed; one query.

    `people`: those of `enrolled_people` who have completed, with the unit to count them in as `at`.
    """
    counted: dict[int, Days] = {}
    dated = with_days(people, programme=programme, requirements=requirements, since=since)
    for unit, done_on, number in (
        dated.values_list("at", "done_on").annotate(Count("pk")).order_by()
    ):
        counted.setdefault(unit, Counter())[done_on] += number
    return counted


def with_days(
    people: QuerySet[Any], *, programme: Programme, requirements: Requirements, since: date
) -> QuerySet[Any]:
    """Return these of `enrolled_people`, who have completed, with the day as `done_on`.

    All who completed before `since` stand on the day before.
    """
    begins = local_moment(since)
    done_at = completed_at(programme=programme, requirements=requirements)
    day = Case(
        When(done_at__lt=begins, then=Value(since - timedelta(days=1))),
        default=TruncDate("done_at"),
        output_field=DateField(),
    )
    return people.annotate(done_at=done_at).annotate(done_on=day)


def completed_at(*, programme: Programme, requirements: Requirements) -> Case:
    """Return the moment in which the person of an enrolment had completed all that the cadre must:
    that of the last course, each where it was first completed.
    """
    return Case(
        *(
            When(cadre=cadre, then=_last([_first(programme, course) for course in sorted(courses)]))
            for cadre, courses in requirements.items()
        ),
        default=F("completed_at"),
    )


def completed_by(days: Mapping[date, int], day: date) -> int:
    """Return how many had completed at the end of a day."""
    return sum(people for done_on, people in days.items() if done_on <= day)


def line_of(days: Mapping[date, int], *, on: date) -> list[int]:
    """Return how many had completed at each step of the year that ends `on`, the latest last."""
    return [completed_by(days, on - step * STEP) for step in range(STEPS, -1, -1)]


def _last(moments: list[Subquery]) -> Greatest | Subquery:
    return Greatest(*moments) if len(moments) > 1 else moments[0]


def _first(programme: Programme, course: int) -> Subquery:
    completed = Enrolment.objects.filter(
        user=OuterRef("user"),
        run__programme=programme,
        run__course=course,
        status=EnrolmentStatus.COMPLETED,
    )
    return Subquery(completed.order_by("completed_at").values("completed_at")[:1])
