"""Few units are judged person by person; they tell what the database tells of everybody."""

from datetime import timedelta
from itertools import product

from lms.accounts.enums import Cadre
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.counting import count_by_unit
from lms.reporting.domain.counting_units import count_units
from lms.reporting.domain.narrowing import DayRange, Narrowing
from tests.factories.geography import unit
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


def test_units_are_judged_as_everybody_is_counted(edition):
    history = History(edition)
    units = list(AdministrativeUnit.objects.values_list("pk", flat=True))
    days, courses = (TODAY, TODAY + timedelta(days=6)), (None, history.courses[0].pk)
    within = (None, DayRange(LONG_AGO, TODAY))
    somebody = 0
    for seed in range(4):
        live_at_random(history, seed)
        for on, cadres, course, period in product(days, CADRES, courses, within):
            narrowing = Narrowing(course_id=course, on=on, within=period)
            asked = {"programme": history.programme, "on": on, "cadres": cadres}
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
