"""The figures of a programme by unit, and the names behind them, at the end of a past day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.timezone import localdate

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
    columns = {
        column.key: column.count_before(programme=programme, before=end_of(on))
        for column in report_columns
    }
    counted = Counted(figures={})
    moves: dict[tuple[int, int], int] = {}
    reached: set[int] = set()
    for enrolments in by_person(day):
        person = person_of(enrolments, day)
        if person is None:
            continue
        reached.add(person.user)
        _add_columns(counted, enrolments, columns, day)
        if person.cadre in day.required and day.sees(person.unit):
            _add_person(counted, moves, person, day)
    for person in posted_then(day, reached=reached):
        _figures(counted, person.unit).add_people(person.state, 1, person.sex)
    counted.moves.extend(Move(*ends, people) for ends, people in moves.items())
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
    day = day_of(**of_whom, cadres=cadres, counted_at=counted_at, area=area)
    found = PeopleOfDay([], [], day.runs)
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


def _add_person(
    counted: Counted, moves: dict[tuple[int, int], int], person: PersonThen, day: Day
) -> None:
    source = person.unit if day.wants(person.cadre) else NOWHERE
    target = _place_of(person.place, day) if day.wants(person.held) else NOWHERE
    if target != NOWHERE:
        figures = _figures(counted, target)
        figures.add_people(person.state, 1, person.sex)
        figures.add_day(person.begins)
        figures.left += not person.is_held
        figures.days.update([_done_on(person.done_at, day)] if person.done_at else [])
    if source != target:
        moves[source, target] = moves.get((source, target), 0) + 1


def _add_columns(
    counted: Counted,
    enrolments: Sequence[EnrolmentThen],
    columns: Mapping[str, Mapping[int, int]],
    day: Day,
) -> None:
    for one in enrolments:
        is_counted = day.is_in_held_class(one) and one.cadre in day.required and day.sees(one.unit)
        if not is_counted or not day.wants(one.held):
            continue
        for key, figures in columns.items():
            if figure := figures.get(one.enrolment):
                extra = _figures(counted, _place_of(one.place, day)).extra
                extra[key] = extra.get(key, 0) + figure


def _done_on(done_at: datetime, day: Day) -> date:
    """Return the day as `count_days` does: what was completed before the line begins is one sum."""
    first = first_day(on=day.on)
    return max(localdate(done_at), first - timedelta(days=1))


def _figures(counted: Counted, unit: int) -> Figures:
    return counted.figures.setdefault(unit, Figures())


def _place_of(unit: int, day: Day) -> int:
    """Return the unit where it is overseen; where people were enrolled it always is."""
    return unit if not day.at_current_place or day.sees_place(unit) else AWAY
