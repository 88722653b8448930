"""The figures of a few units, judged person by person: what a page asks anew after each single change.

One statement of the database can tell as much (`count_by_unit`). It asks of each person some twenty times whether
there is an enrolment of a kind, and to plan that takes longer than to judge the people of a commune here.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

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
from lms.accounts.models import Posting
from lms.core.compiled_queries import CompiledQuery
from lms.reporting.domain.counting import Figures, add_columns, all_enrolments
from lms.reporting.domain.judging_as_of import EnrolmentThen, Judge, PersonThen, RunFacts, person_of
from lms.reporting.domain.narrowing import EVERYBODY, Narrowing
from lms.reporting.domain.queries import people_of, required_courses
from lms.reporting.domain.trend import first_day
from lms.reporting.enums import PersonState

_NO_NUMBER, _NO_WORD = Value(None, IntegerField()), Value(None, CharField())
_NO_DAY, _NO_MOMENT = Value(None, DateField()), Value(None, DateTimeField())


def count_units(
    *,
    programme: Programme,
    on: date,
    units: Collection[int],
    cadres: Collection[str] | None = None,
    narrowing: Narrowing = EVERYBODY,
) -> dict[int, Figures]:
    """Return what `count_by_unit` does of these units alone, which the caller has chosen: those that
    the reader oversees. `narrowing` leaves nobody out.
    """
    wanted = required_courses(programme=programme, cadres=cadres, narrowing=narrowing)
    if not wanted:
        return {}
    runs: dict[int, RunFacts] = {}
    judge = Judge(on, wanted, runs, course=narrowing.course_id)
    told = _FACTS.ask(tuple(wanted), on, programme=programme.pk, units=[*units])
    before = narrowing.looks_back_to(first_day(on=on)) - timedelta(days=1)
    figures: dict[int, Figures] = {}
    completed = []
    here_alone = frozenset(units)
    for person in _people(told, judge, runs):
        if person.unit not in here_alone:
            continue
        here = figures.setdefault(person.unit, Figures())
        here.add_people(person.state, 1, person.sex)
        here.add_day(person.begins)
        if person.state is PersonState.COMPLETED and person.done_on:
            here.days[max(person.done_on, before)] += 1
            completed.append(person.enrolment)
    enrolments = all_enrolments(
        programme=programme, cadres=wanted, reader=None, narrowing=narrowing
    )
    add_columns(
        figures=figures,
        enrolments=enrolments.filter(unit__among=[*units]),
        # In no unit is somebody of this id.
        people=Enrolment.objects.filter(pk__among=completed or [0]),
    )
    return figures


def _people(told: list[Any], judge: Judge, runs: dict[int, RunFacts]) -> Iterator[PersonThen]:
    """Yield who of these counts somewhere, judged by all of their enrolments."""
    # None, of a post, stands before no moment.
    told.sort(key=lambda row: (row[0], row[1] is None, row[1] or row[-1], row[2]))
    for _user, own in groupby(told, key=itemgetter(0)):
        rows = list(own)
        enrolments = [_enrolment(row, runs) for row in rows if row[1] is not None]
        person = person_of(enrolments, judge)
        if person is None:
            yield from (_posted(row) for row in rows[len(enrolments) :][:1])
        elif person.cadre in judge.required:
            yield person


def _enrolment(row: Any, runs: dict[int, RunFacts]) -> EnrolmentThen:
    user, _at, pk, sex, unit, cadre, status, done_on, run, course, run_status, starts_on = row
    runs.setdefault(run, RunThen(course, run_status, starts_on))
    return EnrolmentThen(user, pk, run, status, unit, cadre, done_on, unit, cadre, 1, sex)


def _posted(row: Any) -> PersonThen:
    user, _at, _pk, sex, unit, cadre, *_rest = row
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
    who = ("user", "at", "pk", "user__sex", "unit", "cadre")
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
