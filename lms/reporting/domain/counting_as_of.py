"""The figures of a programme by unit, and the names behind them, at the end of a past day."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from courses.domain.history import runs_at
from courses.models import CourseRun, Programme
from lms.accounts.models import User
from lms.reporting.domain.as_of import (
    Day,
    EnrolmentThen,
    PersonThen,
    by_person,
    day_of,
    end_of,
    person_of,
    posted_then,
)
from lms.reporting.domain.counting import ANYWHERE, Figures
from lms.reporting.domain.current_place import AWAY, NOWHERE, Counted, Move
from lms.reporting.domain.trend import first_day
from lms.reporting.enums import CountedAt, PersonState
from lms.reporting.extensions import report_columns


def count_people_as_of(
    *,
    programme: Programme,
    on: date,
    reader: User,
    cadres: Collection[str] | None,
    counted_at: CountedAt,
    area: Q = ANYWHERE,
) -> Counted:
    """Return what `current_place.count_people` would have found at the end of this day.

    `extra` holds what the plug-ins count by days, without its parts.
    """
    of_whom: dict[str, Any] = {"programme": programme, "on": on, "reader": reader}
    day = day_of(**of_whom, cadres=cadres, counted_at=counted_at, area=area)
    columns = {
        column.key: figures
        for column in report_columns
        if (
            figures := column.count_before(programme=programme, before=end_of(on), users=day.people)
        )
    }
    counted, groups = Counted(figures={}), Counter[_Group]()
    begins = first_day(on=on)
    reached: set[int] = set()
    for enrolments in by_person(day):
        person = person_of(enrolments, day)
        if person is None:
            continue
        reached.add(person.user)
        _add_columns(counted, enrolments, columns, day)
        if person.cadre in day.required and day.sees(person.unit):
            groups[_group_of(person, day, begins)] += 1
    for person in posted_then(day, reached=reached):
        groups[_Group(person.unit, person.unit, person.state, person.sex)] += 1
    _add_groups(counted, groups)
    return counted


class _Group(NamedTuple):
    """Those of whom a table tells the same: where they were enrolled and stood, how far they were. `done_on`:
    what was completed before the line begins stands on the day before.
    """

    source: int
    target: int
    state: PersonState
    sex: str
    begins: date | None = None
    is_held: bool = True
    done_on: date | None = None


class PeopleOfDay(NamedTuple):
    """Those who stood in the reader's area, those who moved out of it, and the classes of that day by id."""

    here: list[PersonThen]
    away: list[PersonThen]
    runs: dict[int, CourseRun]


def people_as_of(
    *,
    programme: Programme,
    on: date,
    reader: User,
    cadres: Collection[str] | None,
    counted_at: CountedAt,
    area: Q = ANYWHERE,
) -> PeopleOfDay:
    """Return whom the figures of that day count, and who of them stood beyond the reader's area; who never
    had to do with `area` need not be told.
    """
    of_whom: dict[str, Any] = {"programme": programme, "on": on, "reader": reader}
    runs: dict[int, CourseRun] = {}

    def read_runs(**asked: Any) -> dict[int, CourseRun]:
        runs.update(runs_at(**asked))
        return runs

    asked: dict[str, Any] = {"cadres": cadres, "counted_at": counted_at, "area": area}
    day = day_of(**of_whom, **asked, read_runs=read_runs)
    found = PeopleOfDay([], [], runs)
    reached: set[int] = set()
    for enrolments in by_person(day):
        person = person_of(enrolments, day)
        if person is None:
            continue
        reached.add(person.user)
        is_asked = person.cadre in day.required and day.sees(person.unit)
        if is_asked and day.wants(person.held):
            is_away = _place_of(person.place, day) == AWAY
            (found.away if is_away else found.here).append(person)
    found.here.extend(posted_then(day, reached=reached))
    return found


def _group_of(person: PersonThen, day: Day, line_begins: date) -> _Group:
    done_on = person.done_on
    if done_on is not None and done_on < line_begins:
        done_on = line_begins - timedelta(days=1)
    return _Group(
        person.unit if day.wants(person.cadre) else NOWHERE,
        _place_of(person.place, day) if day.wants(person.held) else NOWHERE,
        person.state,
        person.sex,
        person.begins,
        person.is_held,
        done_on,
    )


def _add_groups(counted: Counted, groups: Mapping[_Group, int]) -> None:
    moves: Counter[tuple[int, int]] = Counter()
    for group, people in groups.items():
        if group.target != NOWHERE:
            figures = _figures(counted, group.target)
            figures.add_people(group.state, people, group.sex)
            figures.add_day(group.begins)
            figures.left += 0 if group.is_held else people
            if group.done_on:
                figures.days[group.done_on] += people
        if group.source != group.target:
            moves[group.source, group.target] += people
    counted.moves.extend(Move(*ends, people) for ends, people in moves.items())


def _add_columns(
    counted: Counted,
    enrolments: Sequence[EnrolmentThen],
    columns: Mapping[str, Mapping[int, int]],
    day: Day,
) -> None:
    for key, figures in columns.items():
        for one in enrolments:
            figure = figures.get(one.enrolment)
            if figure and _is_counted(one, day):
                extra = _figures(counted, _place_of(one.place, day)).extra
                extra[key] = extra.get(key, 0) + figure


def _is_counted(one: EnrolmentThen, day: Day) -> bool:
    kind = day.judge.kind_of(one.run, one.status, is_done=one.done_on is not None)
    return kind.counts and one.cadre in day.required and day.sees(one.unit) and day.wants(one.held)


def _figures(counted: Counted, unit: int) -> Figures:
    return counted.figures.setdefault(unit, Figures())


def _place_of(unit: int, day: Day) -> int:
    """Return the unit where it is overseen; where people were enrolled it always is."""
    return unit if not day.at_current_place or day.sees_place(unit) else AWAY
