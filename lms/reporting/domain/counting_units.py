"""The figures of a few units, judged person by person: what a page asks anew after each single change."""

from collections.abc import Collection
from datetime import date, timedelta

from courses.models import Enrolment, Programme
from lms.reporting.domain.counting import Figures, add_columns, all_enrolments
from lms.reporting.domain.judging_people import judge_people
from lms.reporting.domain.narrowing import EVERYBODY, Narrowing
from lms.reporting.domain.queries import required_courses
from lms.reporting.domain.trend import first_day
from lms.reporting.enums import PersonState


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
    before = narrowing.looks_back_to(first_day(on=on)) - timedelta(days=1)
    figures: dict[int, Figures] = {}
    completed = []
    judged = judge_people(
        programme=programme, on=on, units=units, wanted=wanted, narrowing=narrowing
    )
    for person, *_name in judged:
        here = figures.setdefault(person.unit, Figures())
        here.add_people(person.state, 1, person.sex, person.begins)
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
