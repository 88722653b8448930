"""The people of a few units, judged one by one: what a list of names and a page after a change ask.

One statement of the database can tell as much. It asks of each person some twenty times whether there is an
enrolment of a kind, and to plan that takes longer than to judge the people of a commune here.
"""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import TruncDate

from courses.domain.history import RunThen
from courses.models import Enrolment, Programme
from lms.accounts.models import Posting, User
from lms.core.compiled_queries import CompiledQuery
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.judging_as_of import EnrolmentThen, Judge, PersonThen, RunFacts, person_of
from lms.reporting.domain.narrowing import EVERYBODY, Narrowing
from lms.reporting.domain.queries import Requirements, people_of
from lms.reporting.enums import PersonState

_NO_NUMBER, _NO_WORD = Value(None, IntegerField()), Value(None, CharField())
_NO_DAY, _NO_MOMENT = Value(None, DateField()), Value(None, DateTimeField())


class Judged(NamedTuple):
    """`pk`: of the enrolment by which somebody counts, or of the post of somebody in no class; `name` and `code`
    say where they stand among names.
    """

    person: PersonThen
    pk: int
    name: str
    code: str


def judge_people(
    *,
    programme: Programme,
    on: date,
    units: Collection[int],
    wanted: Requirements,
    narrowing: Narrowing = EVERYBODY,
) -> Iterator[Judged]:
    """Yield those whom the programme counts in these units, which the caller has chosen: those that the reader
    oversees. `narrowing` leaves nobody out. One query.
    """
    if not wanted:
        return
    runs: dict[int, RunFacts] = {}
    here = frozenset(units)
    judge = Judge(on, wanted, runs, course=narrowing.course_id)
    told = _FACTS.ask(tuple(wanted), on, programme=programme.pk, units=[*units])
    # None, of a post, stands before no moment.
    told.sort(key=lambda row: (row[0], row[1] is None, row[1] or row[-1], row[2]))
    for _user, own in groupby(told, key=itemgetter(0)):
        rows = list(own)
        found = _judge(rows, judge, runs)
        if found is None or found[0].unit not in here:
            continue
        person, pk = found
        *_facts, name, code = rows[0][:6]
        yield Judged(person, pk, name, code)


def rows_of_names(
    units: list[int], *, unit: AdministrativeUnit | None, reader: User, **asked: Any
) -> list[tuple[str, str, int, int, str]]:
    """Return those whom the programme counts in these units, as far as the reader oversees them: rows of
    `People` in name order. Two queries; one where they are a single `unit` that the reader oversees.
    """
    is_seen = unit is not None and units == [unit.pk] and reader.scope.covers(unit.path)
    if not (is_seen or reader.scope.everywhere):
        own = AdministrativeUnit.objects.filter(reader.scope.units_q(""), pk__among=units)
        units = list(own.order_by().values_list("pk", flat=True))
    return sorted(
        (name, code, int(person.enrolment is not None), pk, person.state.value)
        for person, pk, name, code in judge_people(units=units, **asked)
    )


def _judge(
    rows: list[Any], judge: Judge, runs: dict[int, RunFacts]
) -> tuple[PersonThen, int] | None:
    """Return who counts somewhere, by all of their enrolments, else by the first of their posts."""
    enrolments = [_enrolment(row, runs) for row in rows if row[1] is not None]
    person = person_of(enrolments, judge)
    if person is None:
        return next(((_posted(row), row[2]) for row in rows[len(enrolments) :]), None)
    if person.enrolment is None or person.cadre not in judge.required:
        return None
    return person, person.enrolment


def _enrolment(row: Any, runs: dict[int, RunFacts]) -> EnrolmentThen:
    (
        user,
        _at,
        pk,
        sex,
        *_names,
        unit,
        cadre,
        status,
        done_on,
        run,
        course,
        run_status,
        starts_on,
    ) = row
    runs.setdefault(run, RunThen(course, run_status, starts_on))
    return EnrolmentThen(user, pk, run, status, unit, cadre, done_on, unit, cadre, 1, sex)


def _posted(row: Any) -> PersonThen:
    user, _at, _pk, sex, _name, _code, unit, cadre, *_rest = row
    return PersonThen(user, unit, cadre, unit, cadre, PersonState.NO_CLASS, sex=sex)


def _facts(
    cadres: Collection[str], on: date, *, programme: int, units: list[int]
) -> QuerySet[Any, Any]:
    """Return every enrolment in the programme, and every post of one of these cadres held on the day, of whoever
    had to do with these units.
    """
    people = people_of(Q(unit__among=units))
    enrolments = Enrolment.objects.filter(run__programme=programme, user__in=people)
    posts = Posting.objects.on(on).filter(cadre__in=cadres, user__in=people)
    who = (
        *("user", "at", "pk", "user__sex", "user__sort_key", "user__staff_code", "unit", "cadre"),
    )
    of_enrolments = enrolments.annotate(at=F("enrolled_at"), done_on=TruncDate("completed_at"))
    of_posts = posts.annotate(
        at=_NO_MOMENT,
        status=_NO_WORD,
        done_on=_NO_DAY,
        run=_NO_NUMBER,
        course=_NO_NUMBER,
        run_status=_NO_WORD,
    )
    return (
        of_enrolments.order_by()
        .values_list(
            *who, "status", "done_on", "run", "run__course", "run__status", "run__starts_on"
        )
        .union(
            of_posts.order_by().values_list(
                *who, "status", "done_on", "run", "course", "run_status", "valid_from"
            ),
            all=True,
        )
    )


_FACTS = CompiledQuery(_facts)
