"""The people of a programme as they stood at the end of a day, from the facts that keep their days.

Who counts follows from posts, enrolments, completions, withdrawals and what became of the classes
up to that day; as of today it is what `queries` and `states` find in today's rows. By today's rules
(`judging_as_of`): what the programme asks of a cadre. Read as a stream ordered by person, so that the memory does not
grow with the enrolments.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from courses.domain.history import enrolments_at, run_facts_at
from courses.models import EnrolmentChange, Programme
from lms.accounts.models import Posting, User
from lms.accounts.models.scope import UnitScope
from lms.core.local_time import local_moment
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.counting import ANYWHERE
from lms.reporting.domain.current_place import current_unit, held_cadre
from lms.reporting.domain.judging_as_of import EnrolmentThen, Judge, PersonThen, RunFacts
from lms.reporting.domain.queries import Requirements, required_courses
from lms.reporting.enums import CountedAt, PersonState

_CHUNK = 2000


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
    people: frozenset[int] | None
    runs: Mapping[int, RunFacts]
    judge: Judge

    def sees(self, unit: int) -> bool:
        """Return whether the reader oversees the unit that is stamped on an enrolment or a post."""
        return self.overseen is None or unit in self.overseen

    def sees_place(self, unit: int) -> bool:
        """Return whether the reader oversees a place where somebody works on that day."""
        return self.is_province or self.sees(unit)

    def wants(self, cadre: str) -> bool:
        return self.cadres is None or cadre in self.cadres


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
    read_runs: Callable[..., Mapping[int, RunFacts]] = run_facts_at,
) -> Day:
    """Return what is asked, with the classes as they stood and the units that the reader oversees."""
    wanted = required_courses(programme=programme, cadres=cadres)
    at_current_place = counted_at == CountedAt.NOW
    scope = reader.scope
    overseen, people = _read_scope(programme, scope, area)
    required = required_courses(programme=programme) if at_current_place else wanted
    runs = read_runs(before=end_of(on), programme_id=programme.pk, users=people)
    return Day(
        programme=programme,
        on=on,
        at_current_place=at_current_place,
        cadres=cadres,
        required=required,
        wanted=wanted,
        overseen=overseen,
        is_province=scope.oversees_province,
        people=people,
        runs=runs,
        judge=Judge(on, required, runs),
    )


def concerned_people(*, programme: Programme, here: Q) -> list[QuerySet[Any, Any]]:
    """Return the ids of all who can be told, twice where both tell them: whoever was ever stamped, on an
    enrolment or a post, with a unit of `here`.
    """
    stamped = EnrolmentChange.objects.filter(here, enrolment__run__programme=programme)
    posted = Posting.objects.filter(here).order_by()
    return [stamped.order_by().values_list("enrolment__user"), posted.values_list("user")]


def _read_scope(
    programme: Programme, scope: UnitScope, area: Q
) -> tuple[frozenset[int] | None, frozenset[int] | None]:
    """Return the units that the reader oversees, and the people who can be told; None for all. One query at most."""
    here = scope.units_q("unit") if area == ANYWHERE else area
    if here == ANYWHERE:
        return None, None
    units = AdministrativeUnit.objects.filter(scope.units_q("")).order_by().values_list("pk")
    people = concerned_people(programme=programme, here=here)
    marked = [ids.annotate(is_unit=Value(False)) for ids in people]
    marked += [] if scope.everywhere else [units.annotate(is_unit=Value(True))]
    found: dict[bool, set[int]] = {False: set(), True: set()}
    for key, is_unit in marked[0].union(*marked[1:]):
        found[bool(is_unit)].add(key)
    return None if scope.everywhere else frozenset(found[True]), frozenset(found[False])


def enrolments_then(day: Day) -> QuerySet[Any]:
    """Return the enrolments of the programme as they stood, with the `place` where each person worked,
    the cadre `held` there, whether a post `is_held` (1 or 0), and the day `done_on`.
    """
    rows: QuerySet[Any] = enrolments_at(
        before=end_of(day.on), programme_id=day.programme.pk, users=day.people
    )
    # A day, of which of two the later is that of the later moment: a moment takes the driver long.
    rows = rows.annotate(done_on=TruncDate("completed_at"))
    if not day.at_current_place:
        return rows.annotate(place=F("unit"), held=F("cadre"), is_held=Value(1))
    posts = Posting.objects.on(day.on).filter(user=OuterRef("user"))
    is_held = Case(When(Exists(posts), then=Value(1)), default=Value(0))
    return rows.annotate(place=current_unit(on=day.on), held=held_cadre(on=day.on), is_held=is_held)


def read_enrolments(rows: QuerySet[Any], day: Day) -> Iterator[EnrolmentThen]:
    """Yield these of `enrolments_then`, some at a time."""
    columns = ("user", "enrolment", "enrolment__run", "status", "unit", "cadre", "done_on")
    told = rows.values_list(*columns, "place", "held", "is_held", "enrolment__user__sex")
    for one in map(EnrolmentThen._make, told.iterator(_CHUNK)):
        # What a merge brings after the classes were read belongs to another question.
        if one.run in day.runs:
            yield one


def by_person(day: Day) -> Iterator[list[EnrolmentThen]]:
    """Yield the enrolments of each person in the programme in the order of their days, whatever became of them."""
    rows = enrolments_then(day).order_by("user", "enrolled_at", "enrolment")
    for _user, own in groupby(read_enrolments(rows, day), key=itemgetter(0)):
        yield list(own)


def posts_then(day: Day) -> QuerySet[Posting]:
    """Return the posts held on that day of the cadres that count."""
    posts = Posting.objects.on(day.on).filter(cadre__in=day.wanted).order_by()
    return posts if day.people is None else posts.filter(user__among=day.people)


def posted_then(day: Day, *, reached: Collection[int]) -> Iterator[PersonThen]:
    """Yield those whom no class had reached: one a person, by the first post held on that day."""
    told = ("user", "unit", "cadre", "user__sex")
    rows = posts_then(day).order_by("user", "valid_from", "pk").values_list(*told)
    for user, own in groupby(rows.iterator(_CHUNK), key=itemgetter(0)):
        _user, unit, cadre, sex = next(own)
        if user not in reached and day.sees(unit):
            yield PersonThen(user, unit, cadre, unit, cadre, PersonState.NO_CLASS, sex=sex)
