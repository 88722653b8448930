"""What is due next."""

from datetime import timedelta

import pytest

from attendance.criteria import AttendanceHours
from attendance.domain.hours.totals import UNPLANNED_MINUTES
from courses.criteria import LessonsRead
from courses.domain.due import appointments_of, lacks_of, next_day
from courses.extensions import Appointment, agendas
from courses.models import CourseRun
from tests.factories.courses import EVENING


class Agenda:
    def __init__(self, key, days):
        self.key, self.days = key, days

    def next_of(self, runs, *, now):
        return {pk: [appointment(self.key, now + timedelta(days=n))] for pk, n in self.days.items()}


def appointment(title, at):
    return Appointment(title, at, at, when="", place="", map_url="", calendar_url="")


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_soonest_of_several_agendas_counts_and_the_soonest_class_comes_first(monkeypatch, order):
    known = {"a": Agenda("a", {1: 3, 2: 9}), "b": Agenda("b", {1: 5, 2: 2})}
    monkeypatch.setattr(agendas, "_entries", {key: known[key] for key in order})

    found = appointments_of(runs=[CourseRun(pk=1), CourseRun(pk=2)], now=EVENING)

    assert [(pk, [one.title for one in of_day]) for pk, of_day in found.items()] == [
        (2, ["b"]),
        (1, ["a"]),
    ]


def test_no_appointment_of_the_day_is_left_out(monkeypatch):
    known = {"a": Agenda("a", {1: 3, 2: 9}), "b": Agenda("b", {1: 3, 2: 3})}
    monkeypatch.setattr(agendas, "_entries", known)

    coming = appointments_of(runs=[CourseRun(pk=1), CourseRun(pk=2)], now=EVENING)

    assert {pk: [one.title for one in of_day] for pk, of_day in coming.items()} == {
        1: ["a", "b"],
        2: ["b"],
    }
    assert [pk for pk, _one in next_day(coming=coming)] == [1, 1, 2]
    assert next_day(coming={}) == []


def test_what_several_courses_ask_of_a_kind_is_added_up():
    def lessons(achieved, required):
        return LessonsRead().tell(achieved=achieved, required=required, params={})

    def hours(achieved, required):
        return AttendanceHours().tell(achieved=achieved, required=required, params={})

    unplanned = hours(0, UNPLANNED_MINUTES)
    told = lacks_of(results=[lessons(1, 3), unplanned, lessons(2, 2), lessons(0, 4), hours(60, 90)])
    assert told == lacks_of(results=[lessons(0, 6), hours(0, 30)])
    assert lacks_of(results=[unplanned, unplanned]) == lacks_of(results=[unplanned])
    assert lacks_of(results=[lessons(0, 0), lessons(0, 0)]) == []
