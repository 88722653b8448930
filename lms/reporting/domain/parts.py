"""Parts of the people behind a figure that are no states: who moved, who left, who completed when."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from courses.models import Programme
from lms.core.local_time import local_moment
from lms.reporting.domain.narrowing import DayRange
from lms.reporting.domain.queries import Requirements, completed_q
from lms.reporting.domain.trend import completed_at
from lms.reporting.enums import Part


def moved_part(
    part: Part, *, here_now: QuerySet[Any], enrolled_here: QuerySet[Any]
) -> QuerySet[Any]:
    """Return who moved in, who moved out, or who holds no post any more.

    `here_now`: those whom a place counts where they work today; `enrolled_here`: whom it counts
    where they were enrolled.
    """
    if part == Part.LEFT:
        return here_now.filter(is_held=False)
    if part == Part.MOVED_IN:
        return here_now.exclude(pk__in=enrolled_here.order_by().values("pk"))
    return enrolled_here.exclude(pk__in=here_now.order_by().values("pk"))


def completed_within(
    people: QuerySet[Any], *, programme: Programme, requirements: Requirements, period: DayRange
) -> QuerySet[Any]:
    """Return those who have completed all that their cadre must on a day of the period."""
    done = people.filter(completed_q(programme=programme, requirements=requirements))
    done = done.annotate(done_at=completed_at(programme=programme, requirements=requirements))
    if period.first:
        done = done.filter(done_at__gte=local_moment(period.first))
    if period.last:
        done = done.filter(done_at__lt=local_moment(period.last + timedelta(days=1)))
    return done


def asked_of(requirements: Requirements, cadres: Collection[str] | None) -> Requirements:
    """Return what is asked of these cadres; of all for None."""
    return {
        cadre: courses
        for cadre, courses in requirements.items()
        if cadres is None or cadre in cadres
    }
