"""What is due next."""

from datetime import timedelta

import pytest

from courses.domain.due import appointments_of
from courses.extensions import Appointment, agendas
from courses.models import CourseRun
from tests.factories.courses import EVENING


class Agenda:
    def __init__(self, key, days):
        self.key, self.days = key, days

    def next_of(self, runs, *, now):
        return {pk: appointment(self.key, now + timedelta(days=n)) for pk, n in self.days.items()}


def appointment(title, at):
    return Appointment(title, at, at, when="", place="", map_url="", calendar_url="")


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_soonest_of_several_agendas_counts_and_the_soonest_class_comes_first(monkeypatch, order):
    known = {"a": Agenda("a", {1: 3, 2: 9}), "b": Agenda("b", {1: 5, 2: 2})}
    monkeypatch.setattr(agendas, "_entries", {key: known[key] for key in order})

    found = appointments_of(runs=[CourseRun(pk=1), CourseRun(pk=2)], now=EVENING)

    assert [(pk, one.title) for pk, one in found.items()] == [(2, "b"), (1, "a")]
