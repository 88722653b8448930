"""What a change of a programme would do to its figures: whom it moves, and where."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from courses.domain.programme_changes import ProgrammeChange, as_if_made, asked_now
from courses.enums import RunStatus
from courses.models import CourseRun, Programme
from lms.accounts.models import User
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.placing import place_units
from lms.reporting.domain.queries import enrolled_people, posted_people, required_courses
from lms.reporting.domain.states import annotate_states
from lms.reporting.enums import PersonState

#: The unit and the state of each person who is counted, by id.
_People = Mapping[int, tuple[int, PersonState]]


@dataclass
class PlaceEffect:
    """People by state, before and after; `unit` None: on no unit of the map."""

    unit: AdministrativeUnit | None
    before: Counter[PersonState] = field(default_factory=Counter)
    after: Counter[PersonState] = field(default_factory=Counter)


@dataclass(frozen=True)
class ProgrammeEffect:
    """`people`: how many count otherwise than before, come in or go out; `classes`: how many classes
    of courses that are asked from now on, or no longer; the places add up to `total`.
    """

    people: int
    classes: int
    total: PlaceEffect
    places: list[PlaceEffect]


def effect_on_figures(*, change: ProgrammeChange, on: date, reader: User) -> ProgrammeEffect:
    """Count before and as if the change were made, by district; a constant number of queries."""
    before = _count(programme=change.programme, on=on, reader=reader)
    with as_if_made(change=change):
        after = _count(programme=change.programme, on=on, reader=reader)
    total = PlaceEffect(None, _states(before), _states(after))
    changed = [pk for pk in {*before, *after} if before.get(pk) != after.get(pk)]
    return ProgrammeEffect(
        people=len(changed),
        classes=_classes(change),
        total=total,
        places=_by_place(change, before, after),
    )


def _count(*, programme: Programme, on: date, reader: User) -> _People:
    """Return the people whom the report counts where they were enrolled; see `count_by_unit`."""
    wanted = required_courses(programme=programme)
    enrolled = annotate_states(
        enrolled_people(programme=programme, cadres=wanted, reader=reader),
        programme=programme,
        requirements=wanted,
        on=on,
    )
    posted = posted_people(programme=programme, cadres=wanted, on=on, reader=reader)
    found = {
        user: (unit, PersonState(state))
        for user, unit, state in enrolled.order_by().values_list("user", "unit", "state")
    }
    unreached = posted.order_by().values_list("user", "unit")
    return found | {user: (unit, PersonState.NO_CLASS) for user, unit in unreached}


def _states(people: _People) -> Counter[PersonState]:
    return Counter(state for _unit, state in people.values())


def _classes(change: ProgrammeChange) -> int:
    touched = change.asked ^ asked_now(programme=change.programme)
    runs = CourseRun.objects.filter(
        programme=change.programme, course__in={course for _cadre, course in touched}
    )
    return runs.exclude(status=RunStatus.CANCELLED).count()


def _by_place(change: ProgrammeChange, before: _People, after: _People) -> list[PlaceEffect]:
    """Return the districts of the map, or its communes where it has none, in its order."""
    stored = BoundaryEdition.objects.get(programmes=change.programme)
    places: dict[str, PlaceEffect] = defaultdict(lambda: PlaceEffect(None))
    for edition, people, side in ((stored, before, "before"), (change.edition, after, "after")):
        units = {unit.pk: unit for unit in edition.units.order_by("path")}
        tops = {unit.path: unit for unit in units.values()}
        became = place_units(
            unit_ids={unit for unit, _state in people.values()}, edition=edition, units=units
        )
        for unit_id, state in people.values():
            unit = units.get(became[unit_id])
            top = tops[unit.path[: 2 * AdministrativeUnit.steplen]] if unit else None
            place = places[top.path if top else ""]
            place.unit = top
            getattr(place, side)[state] += 1
    return [place for _path, place in sorted(places.items())]
