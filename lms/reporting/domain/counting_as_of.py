"""The figures of a programme by unit, and the names behind them, at the end of a past day."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from courses.domain.history import runs_at
from courses.models import CourseRun, Programme
from lms.accounts.models import User
from lms.reporting.domain.as_of import (
    Day,
    by_person,
    day_of,
    end_of,
    enrolments_then,
    posted_then,
    read_enrolments,
)
from lms.reporting.domain.counting import ANYWHERE, Figures
from lms.reporting.domain.current_place import AWAY, NOWHERE, Counted, Move
from lms.reporting.domain.groups_as_of import GroupThen, groups_then
from lms.reporting.domain.judging_as_of import EnrolmentThen, PersonThen, person_of
from lms.reporting.enums import CountedAt
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
    counted = Counted(figures={})
    moves: Counter[tuple[int, int]] = Counter()
    for group in groups_then(day):
        if group.cadre in day.required and day.sees(group.unit):
            _add_group(counted, moves, group, day)
    counted.moves.extend(Move(*ends, people) for ends, people in moves.items())
    _add_columns(counted, day)
    return counted


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
        person = person_of(enrolments, day.judge)
        if person is None:
            continue
        reached.add(person.user)
        is_asked = person.cadre in day.required and day.sees(person.unit)
        if is_asked and day.wants(person.held):
            is_away = _place_of(person.place, day) == AWAY
            (found.away if is_away else found.here).append(person)
    found.here.extend(posted_then(day, reached=reached))
    return found


def _add_group(
    counted: Counted, moves: Counter[tuple[int, int]], group: GroupThen, day: Day
) -> None:
    source = group.unit if day.wants(group.cadre) else NOWHERE
    target = _place_of(group.place, day) if day.wants(group.held) else NOWHERE
    if target != NOWHERE:
        figures = _figures(counted, target)
        figures.add_people(group.state, group.people, group.sex, group.begins)
        figures.left += 0 if group.is_held else group.people
        if group.done_on:
            figures.days[group.done_on] += group.people
    if source != target:
        moves[source, target] += group.people


def _add_columns(counted: Counted, day: Day) -> None:
    """Add what plug-ins count of each enrolment where its person worked."""
    asked: dict[str, Any] = {"programme": day.programme, "before": end_of(day.on)}
    told = {column.key: column.count_before(**asked, users=day.people) for column in report_columns}
    concerned = set().union(*told.values())
    if not concerned:
        return
    rows = enrolments_then(day).filter(enrolment__among=list(concerned)).order_by()
    for one in read_enrolments(rows, day):
        if not _is_counted(one, day):
            continue
        extra = _figures(counted, _place_of(one.place, day)).extra
        for key, figures in told.items():
            if figure := figures.get(one.enrolment):
                extra[key] = extra.get(key, 0) + figure


def _is_counted(one: EnrolmentThen, day: Day) -> bool:
    kind = day.judge.kind_of(one.run, one.status, is_done=one.done_on is not None)
    return kind.counts and one.cadre in day.required and day.sees(one.unit) and day.wants(one.held)


def _figures(counted: Counted, unit: int) -> Figures:
    return counted.figures.setdefault(unit, Figures())


def _place_of(unit: int, day: Day) -> int:
    """Return the unit where it is overseen; where people were enrolled it always is."""
    return unit if not day.at_current_place or day.sees_place(unit) else AWAY
