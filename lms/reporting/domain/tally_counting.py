"""The cells of the kept figures, counted of the rows themselves: at the unit stamped, on one day."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, NamedTuple, cast

from django.db.models import Case, Count, DateField, F, Min, Q, QuerySet, When
from django.db.models.functions import TruncDate

from courses.models import CourseRun, Enrolment, Programme
from lms.accounts.models import Posting, User
from lms.accounts.models.scope import UnitScope
from lms.reporting.domain.counting import all_enrolments, part_key
from lms.reporting.domain.narrowing import Narrowing
from lms.reporting.domain.queries import (
    Requirements,
    completed_q,
    enrolled_people,
    people_of,
    posted_people,
    required_courses,
)
from lms.reporting.domain.states import annotate_states, with_first_days
from lms.reporting.domain.trend import completed_at
from lms.reporting.enums import PersonState
from lms.reporting.extensions import ReportColumn, report_columns

_A_DAY = timedelta(days=1)
#: In the place of a course: all that the programme asks.
ALL_COURSES: Final = 0
#: Of whom a cell tells a day.
_DATED: Final = (PersonState.COMPLETED, PersonState.TO_COME)


class Cell(NamedTuple):
    """The columns of a `CompletionTally` but for its programme and the number of people."""

    unit: int
    course: int
    cadre: str
    sex: str
    state: str
    day: date | None
    in_all: bool


class Extra(NamedTuple):
    """The columns of a `TallyColumn` but for its programme and the figure."""

    unit: int
    course: int
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


def keeps_course(*, programme: Programme, narrowing: Narrowing) -> bool:
    """Return whether figures of the course that is looked at, or of all, are kept.

    Of the only one that a programme asks those of all are, unless somebody is in one of its classes of another
    course: that tells how far one is in all, and nothing of this one. One query at most.
    """
    course = narrowing.course_id
    if course is None or _courses(programme) != [course]:
        return True
    others = CourseRun.objects.filter(programme=programme).exclude(course=course)
    return not Enrolment.objects.filter(run__in=others.order_by().values("pk")).exists()


def kept_course(*, programme: Programme, narrowing: Narrowing) -> int:
    """Return under which course the figures of a question are kept: that which is looked at, or all."""
    course = narrowing.course_id
    # Of a course that the programme does not ask nothing is kept, not what the only one that it asks tells.
    return ALL_COURSES if course is None or _courses(programme) == [course] else course


def _courses(programme: Programme) -> list[int]:
    required = required_courses(programme=programme)
    return sorted({course for courses in required.values() for course in courses})


def count_cells(*, programme: Programme, on: date, units: Collection[int] | None = None) -> Cells:
    """Count all cells of a programme, or those of these units; the number of queries does not
    depend on the number of people.
    """
    cells, courses = Cells(), _courses(programme)
    counting = _Counting(cells, programme, on, units)
    counting.count(ALL_COURSES)
    # One course alone is all that the programme asks.
    for course in courses if len(courses) > 1 else ():
        counting.count(course)
    _add_limits(cells, programme=programme, on=on, within=counting.within)
    return cells


@dataclass(frozen=True)
class _Counting:
    """What is counted into `cells`: of all units, or of some."""

    cells: Cells
    programme: Programme
    on: date
    units: Collection[int] | None

    @property
    def within(self) -> dict[str, Any]:
        return {} if self.units is None else {"unit__in": self.units}

    def count(self, course: int) -> None:
        """Add the cells of one course, or of all that the programme asks."""
        narrowing = Narrowing(course_id=course or None)
        required = required_courses(programme=self.programme, narrowing=narrowing)
        enrolled = enrolled_people(programme=self.programme, cadres=required, reader=EVERYBODY)
        enrolled = enrolled.filter(**self.within)
        self._add_states(course, enrolled, required, narrowing)
        self._add_posted(course, required)
        for cadre, courses in required.items():
            done = completed_q(programme=self.programme, requirements={cadre: courses})
            self._add_columns(course, cadre, enrolled.filter(done), narrowing)

    def _add_states(
        self,
        course: int,
        enrolled: QuerySet[Enrolment],
        required: Requirements,
        narrowing: Narrowing,
    ) -> None:
        asked: dict[str, Any] = {"programme": self.programme, "on": self.on, "narrowing": narrowing}
        asked["among"] = None if self.units is None else people_of(Q(unit__in=self.units))
        of_all: dict[str, Any] = {"programme": self.programme, "requirements": required}
        marked = annotate_states(enrolled, requirements=required, **asked)
        day = Case(
            When(completed_q(**of_all), then=TruncDate("done_at")),
            default=F("begins"),
            output_field=DateField(),
        )
        dated = with_first_days(marked, **asked).annotate(done_at=completed_at(**of_all))
        dated = dated.annotate(day=day)
        grouped = dated.values_list("unit", "cadre", "user__sex", "state", "day")
        counted = grouped.annotate(people=Count("pk")).order_by()
        for unit, cadre, sex, state, on_day, people in counted:
            # The first day of a class to come is known of some who learn, too.
            told_on = on_day if state in _DATED else None
            cell = Cell(unit, course, cadre, sex, state, told_on, in_all=True)
            self.cells.people[cell] += people

    def _add_posted(self, course: int, cadres: Collection[str]) -> None:
        """Add those whom no class has reached, as all cadres and as each alone would count them."""
        no_class = PersonState.NO_CLASS
        in_all = _posted(self.programme, self.on, cadres, self.within)
        for (unit, cadre, sex), people in in_all.items():
            cell = Cell(unit, course, cadre, sex, no_class, None, in_all=True)
            self.cells.people[cell] += people
        for asked in cadres:
            alone = _posted(self.programme, self.on, [asked], self.within)
            alone.subtract({key: n for key, n in in_all.items() if key[1] == asked})
            for (unit, cadre, sex), people in (+alone).items():
                cell = Cell(unit, course, cadre, sex, no_class, None, in_all=False)
                self.cells.people[cell] += people

    def _add_columns(
        self, course: int, cadre: str, people: QuerySet[Enrolment], narrowing: Narrowing
    ) -> None:
        enrolments = all_enrolments(
            programme=self.programme, cadres=[cadre], reader=EVERYBODY, narrowing=narrowing
        )
        for column in filter(is_kept, report_columns):
            told = {column.key: column.count(enrolments.filter(**self.within))}
            for part, counted in column.count_parts(people).items():
                told[part_key(column.key, part)] = counted
            for key, figures in told.items():
                for unit, figure in figures.items():
                    if figure:
                        self.cells.extra[Extra(unit, course, cadre, key)] += figure


def _posted(
    programme: Programme, on: date, cadres: Collection[str], within: dict[str, Any]
) -> Counter[tuple[int, str, str]]:
    posted = posted_people(programme=programme, cadres=cadres, on=on, reader=EVERYBODY)
    grouped = posted.filter(**within).values_list("unit", "cadre", "user__sex")
    counted = grouped.annotate(people=Count("pk")).order_by()
    return Counter({(unit, cadre, sex): people for unit, cadre, sex, people in counted})


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
