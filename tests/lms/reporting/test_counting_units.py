"""Few units are judged person by person; they tell what the database tells of everybody."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from courses.models import Programme
from lms.accounts.enums import Cadre, Role
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.counting import count_by_unit
from lms.reporting.domain.counting_units import count_units
from lms.reporting.domain.narrowing import DayRange, Narrowing
from lms.reporting.domain.people import find_people
from lms.reporting.enums import NamesOf, PersonState
from tests.chance import some_of
from tests.factories.accounts import make_official
from tests.factories.courses import CourseRunFactory
from tests.factories.geography import unit
from tests.factories.reporting import DONE, DONE_AT, also_in, ask_course, enrolled, put_off
from tests.lms.reporting.histories import TODAY, History
from tests.lms.reporting.test_recount import live_at_random

CADRES = (None, [Cadre.COLLABORATOR], [Cadre.COMMUNE_OFFICER], [Cadre.DISTRICT_OFFICER])
LONG_AGO = TODAY - timedelta(days=900)


def told(figures):
    """What is counted of each place where anybody is, or anything."""
    kept = {
        place: (
            one.starts_on,
            +one.days,
            +one.sexes,
            {key: figure for key, figure in one.extra.items() if figure},
            [one.no_class, one.to_come, one.learning, one.not_completed, one.completed],
        )
        for place, one in figures.items()
    }
    return {place: one for place, one in kept.items() if any(one[1:4]) or any(one[4])}


def read_programme(history):
    """With what is asked of whom, as a page reads it once."""
    return Programme.objects.prefetch_related("requirements").get(pk=history.programme.pk)


def test_units_are_judged_as_everybody_is_counted(edition):
    history = History(edition)
    units = list(AdministrativeUnit.objects.values_list("pk", flat=True))
    days, courses = (TODAY, TODAY + timedelta(days=6)), (None, history.courses[0].pk)
    within = (None, DayRange(LONG_AGO, TODAY))
    somebody = 0
    for seed in range(4):
        live_at_random(history, seed)
        programme = read_programme(history)
        cases = product(days, CADRES, courses, within)
        for on, cadres, course, period in some_of(cases, step=3, turn=seed):
            narrowing = Narrowing(course_id=course, on=on, within=period)
            asked = {"programme": programme, "on": on, "cadres": cadres}
            asked["narrowing"] = narrowing
            whole = told(count_by_unit(reader=history.reader, **asked))
            assert told(count_units(units=units, **asked)) == whole
            somebody += len(whole)
    assert somebody


def test_other_units_of_the_same_people_are_not_told(edition):
    history = History(edition)
    live_at_random(history, 5)
    on = TODAY
    whole = told(count_by_unit(programme=history.programme, on=on, reader=history.reader))
    assert whole
    for place in [*whole, unit("13591").pk]:
        alone = told(count_units(programme=history.programme, on=on, units=[place]))
        assert alone == {one: figures for one, figures in whole.items() if one == place}


def test_two_classes_tell_the_earlier_first_day_and_the_later_completion(world, monitor):
    put_off(world, "350", date(2014, 6, 20))
    sooner = CourseRunFactory(
        course=ask_course(world),
        programme=world.programme,
        unit=unit("350"),
        starts_on=date(2014, 6, 10),
        ends_on=date(2014, 6, 10),
    )
    also_in(enrolled(world, "350", "13384"), sooner)
    first = {**DONE, "completed_at": DONE_AT - timedelta(days=3)}
    also_in(enrolled(world, "350", "13387", completed=True), sooner, **first)
    asked = {"programme": world.programme, "on": date(2014, 6, 1)}
    waits, done = unit("13384").pk, unit("13387").pk

    whole = count_by_unit(reader=monitor, **asked)
    few = count_units(units=[waits, done], **asked)

    assert told(few) == told(whole)
    assert few[waits].starts_on == sooner.starts_on
    assert +few[done].days == {DONE_AT.date(): 1}


@pytest.mark.parametrize("seed", [6, 7, 8])
def test_names_of_a_place_are_those_that_the_database_finds(edition, seed):
    history, everybody, named = History(edition), list(PersonState), 0
    readers = (history.reader, make_official(Role.COORDINATOR, "350"))
    live_at_random(history, seed)
    programme = read_programme(history)
    places = AdministrativeUnit.objects.select_related("edition").order_by("pk")
    cases = product(places, CADRES, (None, history.courses[0].pk), readers)
    for place, cadres, course, reader in some_of(cases, step=3, turn=seed):
        where = NamesOf.AREA if place.level == Level.COMMUNE else NamesOf.OFFICE
        people = find_people(
            programme=programme,
            edition=place.edition,
            on=TODAY,
            reader=reader,
            unit=place,
            cadres=cadres,
            narrowing=Narrowing(course_id=course, on=TODAY, where=where),
        )
        found = replace(people, judge=None)
        assert people.judge
        assert people.lines(states=everybody) == found.lines(states=everybody)
        assert people.count_states() == found.count_states()
        named += people.count_states().total()
    assert named
