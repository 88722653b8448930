"""Which part of the people of a programme a report counts, and which course it looks at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from courses.models import Enrolment
from lms.reporting.enums import AgeGroup, NamesOf, Part

# The youngest and the oldest of each group; None: no end.
_YEARS: Final[Mapping[AgeGroup, tuple[int, int | None]]] = {
    AgeGroup.UNDER_30: (0, 29),
    AgeGroup.FROM_30: (30, 39),
    AgeGroup.FROM_40: (40, 49),
    AgeGroup.FROM_50: (50, None),
}


@dataclass(frozen=True)
class DayRange:
    """From a day to a day, both counted; None: without a beginning, or an end."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Return whether the day lies in it."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Narrowing:
    """Empty: everybody, and all courses that the programme asks.

    `run_id`: those of one class. `course_id`: as if the programme asked for this course alone.
    `on`: the day on which the age is told. `within`: the period whose completions are told in a
    column of their own; it leaves nobody out.

    For names alone: `where`: of a unit those of its office, or those who stand on no unit of the
    map, by reason; `part`: those who moved, left, or completed in the period; `figure`: the key of a
    plug-in's figure, or of a part of it, whose names are asked for.
    """

    sex: str = ""
    age: AgeGroup | None = None
    course_id: int | None = None
    run_id: int | None = None
    on: date | None = None
    within: DayRange | None = None
    where: NamesOf = NamesOf.AREA
    part: Part | None = None
    figure: str = ""

    @property
    def leaves_out(self) -> bool:
        """Whether somebody, or some course, is not counted."""
        return bool(self.course_id) or self.leaves_out_people

    @property
    def leaves_out_people(self) -> bool:
        """Whether somebody is not counted for what they are, or for the class they are in."""
        return any((self.sex, self.age, self.run_id))

    def looks_back_to(self, day: date) -> date:
        """Return the first day whose completions are told apart: `day`, or an earlier one asked for."""
        asked = self.within.first if self.within else None
        return min(day, asked) if asked else day

    def people_q(self) -> Q:
        """Return the people of enrolments or posts (`user`) who are counted."""
        wanted = Q(user__sex=self.sex) if self.sex else Q()
        if self.age and self.on:
            wanted &= _born_q(self.age, self.on.year)
        if self.run_id:
            in_class = Enrolment.objects.in_held_classes().filter(run=self.run_id)
            wanted &= Q(user__in=in_class.order_by().values("user"))
        return wanted


EVERYBODY = Narrowing()


def _born_q(age: AgeGroup, year: int) -> Q:
    """Return those of an age, as the year of birth tells it: nobody's birthday is held."""
    if age == AgeGroup.UNKNOWN:
        return Q(user__year_of_birth__isnull=True)
    youngest, oldest = _YEARS[age]
    born = Q(user__year_of_birth__lte=year - youngest)
    return born if oldest is None else born & Q(user__year_of_birth__gte=year - oldest)
