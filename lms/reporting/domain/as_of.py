"""The people of a programme as they stood at the end of a day, from the facts that keep their days.

Who counts follows from posts, enrolments, completions, withdrawals and what became of the classes
up to that day; as of today it is what `queries` and `states` find in today's rows. By today's rules:
what the programme asks of a cadre. Read as a stream ordered by person, so that the memory does not
grow with the enrolments.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from courses.domain.enrolment_state import enrolment_state
from courses.domain.history import enrolments_at, runs_at
from courses.enums import COUNTED_STATUSES, EnrolmentState, EnrolmentStatus, RunStatus
from courses.models import CourseRun, Enrolment, EnrolmentChange, Programme
from lms.accounts.models import Posting, User
from lms.core.local_time import local_moment
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.counting import ANYWHERE
from lms.reporting.domain.current_place import current_unit, held_cadre
from lms.reporting.domain.queries import Requirements, required_courses
from lms.reporting.domain.states import DECIDING
from lms.reporting.enums import CountedAt, PersonState

_CHUNK = 2000


class EnrolmentThen(NamedTuple):
    """An enrolment as it stood; `place` and `held`: where its person worked on that day."""

    user: int
    enrolment: int
    run: int
    status: str
    unit: int
    cadre: str
    enrolled_at: datetime
    completed_at: datetime | None
    place: int
    held: str
    is_held: bool
    sex: str


@dataclass(frozen=True)
class PersonThen:
    """Where somebody stood and how far; `unit` and `cadre` as stamped, `place` and `held` on that day.

    `enrolment` and `run` None: in no class. `begins`: the first day of the class to come; `done_at`:
    when the last of the courses was completed.
    """

    user: int
    unit: int
    cadre: str
    place: int
    held: str
    state: PersonState
    enrolment: int | None = None
    run: int | None = None
    is_held: bool = True
    begins: date | None = None
    done_at: datetime | None = None
    sex: str = ""


@dataclass(frozen=True)
class Day:
    """What is asked of a day. `required`: what is judged by; `wanted`: of the cadres that count.

    `overseen` None: every unit; `is_province`: whether the reader watches over one, on every map.
    `people`: the ids of all who can be told, None for everybody; `runs`: their classes as they stood, by id.
    """

    programme: Programme
    on: date
    at_current_place: bool
    cadres: Collection[str] | None
    required: Requirements
    wanted: Requirements
    overseen: frozenset[int] | None
    is_province: bool
    people: QuerySet[Any, Any] | None
    runs: dict[int, CourseRun]

    def sees(self, unit: int) -> bool:
        """Return whether the reader oversees the unit that is stamped on an enrolment or a post."""
        return self.overseen is None or unit in self.overseen

    def sees_place(self, unit: int) -> bool:
        """Return whether the reader oversees a place where somebody works on that day."""
        return self.is_province or self.sees(unit)

    def wants(self, cadre: str) -> bool:
        return self.cadres is None or cadre in self.cadres

    def state_of(self, one: EnrolmentThen) -> EnrolmentState:
        run = self.runs[one.run]
        return _state(EnrolmentStatus(one.status), RunStatus(run.status), run.starts_on, self.on)

    def is_in_held_class(self, one: EnrolmentThen) -> bool:
        """Return whether it counts: `Enrolment.objects.in_held_classes()` of that day."""
        is_cancelled = self.runs[one.run].status == RunStatus.CANCELLED
        return one.status in COUNTED_STATUSES and not is_cancelled


def end_of(day: date) -> datetime:
    """Return the moment at which the day is over."""
    return local_moment(day + timedelta(days=1))


def day_of(
    *,
    programme: Programme,
    on: date,
    reader: User,
    cadres: Collection[str] | None,
    counted_at: CountedAt,
    area: Q = ANYWHERE,
) -> Day:
    """Return what is asked, with the classes as they stood and the units that the reader oversees."""
    wanted = required_courses(programme=programme, cadres=cadres)
    at_current_place = counted_at == CountedAt.NOW
    scope = reader.scope
    units = AdministrativeUnit.objects.filter(scope.units_q("")).order_by()
    overseen = None if scope.everywhere else frozenset(units.values_list("pk", flat=True))
    people = concerned_people(programme=programme, overseen=overseen, area=area)
    return Day(
        programme=programme,
        on=on,
        at_current_place=at_current_place,
        cadres=cadres,
        required=required_courses(programme=programme) if at_current_place else wanted,
        wanted=wanted,
        overseen=overseen,
        is_province=scope.oversees_province,
        people=people,
        runs=runs_at(before=end_of(on), programme_id=programme.pk, users=people),
    )


def concerned_people(
    *, programme: Programme, overseen: Collection[int] | None, area: Q
) -> QuerySet[Any, Any] | None:
    """Return the ids of all who can be told: whoever was ever stamped, on an enrolment or a post, with a
    unit of the area, or of those that the reader oversees; None for everybody.
    """
    here = Q(unit__among=overseen) if area == ANYWHERE and overseen is not None else area
    if here == ANYWHERE:
        return None
    stamped = EnrolmentChange.objects.filter(here, enrolment__run__programme=programme)
    posted = Posting.objects.filter(here).order_by().values("user")
    return stamped.order_by().values("enrolment__user").union(posted)


def by_person(day: Day) -> Iterator[list[EnrolmentThen]]:
    """Yield the enrolments of each person in the programme, whatever became of them."""
    rows: QuerySet[Any] = enrolments_at(
        before=end_of(day.on), programme_id=day.programme.pk, users=day.people
    )
    if day.at_current_place:
        posts = Posting.objects.on(day.on).filter(user=OuterRef("user"))
        rows = rows.annotate(
            place=current_unit(on=day.on), held=held_cadre(on=day.on), is_held=Exists(posts)
        )
    else:
        rows = rows.annotate(place=F("unit"), held=F("cadre"), is_held=Value(True))
    columns = ("user", "enrolment", "enrolment__run", "status", "unit", "cadre", "enrolled_at")
    more = ("completed_at", "place", "held", "is_held", "enrolment__user__sex")
    lines = rows.order_by("user", "enrolment").values_list(*columns, *more)
    found = map(EnrolmentThen._make, lines.iterator(_CHUNK))
    for _user, own in groupby(found, key=lambda one: one.user):
        yield list(own)


def person_of(enrolments: Collection[EnrolmentThen], day: Day) -> PersonThen | None:
    """Return the person of these enrolments, judged as `annotate_states` does; None for somebody
    in no class that takes or took place, or of a cadre that is not asked for.
    """
    held = [one for one in enrolments if day.is_in_held_class(one)]
    if not held:
        return None
    latest = max(held, key=lambda one: (one.enrolled_at, one.enrolment))
    done_at = _done_at(enrolments, latest.cadre, day)
    state, begins = (PersonState.COMPLETED, None) if done_at else _how_far(enrolments, day)
    return PersonThen(
        user=latest.user,
        unit=latest.unit,
        cadre=latest.cadre,
        place=latest.place,
        held=latest.held,
        state=state,
        enrolment=latest.enrolment,
        run=latest.run,
        is_held=latest.is_held,
        begins=begins,
        done_at=done_at,
        sex=latest.sex,
    )


def posted_then(day: Day, *, reached: Collection[int]) -> Iterator[PersonThen]:
    """Yield those whom no class had reached: one a person, by the first post held on that day."""
    posts = Posting.objects.on(day.on).filter(cadre__in=day.wanted)
    if day.people is not None:
        posts = posts.filter(user__in=day.people)
    told = ("user", "unit", "cadre", "user__sex")
    rows = posts.order_by("user", "valid_from", "pk").values_list(*told)
    for user, own in groupby(rows.iterator(_CHUNK), key=lambda row: row[0]):
        _user, unit, cadre, sex = next(own)
        if user not in reached and day.sees(unit):
            yield PersonThen(user, unit, cadre, unit, cadre, PersonState.NO_CLASS, sex=sex)


def _done_at(enrolments: Collection[EnrolmentThen], cadre: str, day: Day) -> datetime | None:
    """Return when all that the cadre must was completed, each course where it first was."""
    first = _completed(enrolments, day)
    must = day.required.get(cadre)
    return max(first[course] for course in must) if must and must <= first.keys() else None


def _completed(enrolments: Collection[EnrolmentThen], day: Day) -> dict[int, datetime]:
    """Return when each course was first completed."""
    first: dict[int, datetime] = {}
    for one in enrolments:
        if one.completed_at is not None:
            course = day.runs[one.run].course_id
            first[course] = min(first.get(course, one.completed_at), one.completed_at)
    return first


def _how_far(enrolments: Collection[EnrolmentThen], day: Day) -> tuple[PersonState, date | None]:
    done = _completed(enrolments, day)
    unfinished = [one for one in enrolments if day.runs[one.run].course_id not in done]
    states = {day.state_of(one) for one in unfinished}
    state = PersonState(next((one for one in DECIDING if one in states), PersonState.NO_CLASS))
    if state != PersonState.TO_COME:
        return state, None
    ahead = [one for one in unfinished if day.state_of(one) == EnrolmentState.TO_COME]
    return state, min(day.runs[one.run].starts_on for one in ahead)


@lru_cache(maxsize=1024)
def _state(
    status: EnrolmentStatus, run_status: RunStatus, starts_on: date, on: date
) -> EnrolmentState:
    run = CourseRun(status=run_status, starts_on=starts_on)
    return enrolment_state(Enrolment(status=status, run=run), today=on)
