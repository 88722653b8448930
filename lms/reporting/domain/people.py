"""The names behind a figure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from courses.models import CourseRun, Enrolment, Programme
from lms.accounts.enums import Cadre
from lms.accounts.models import Posting, User
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.current_place import people_at_current_unit
from lms.reporting.domain.queries import (
    Requirements,
    enrolled_people,
    posted_people,
    required_courses,
)
from lms.reporting.domain.states import annotate_states
from lms.reporting.domain.tables import place_units
from lms.reporting.enums import CountedAt, PersonState


@dataclass(frozen=True)
class PersonLine:
    """One counted person: where, in which class, how far. `run` None: no class yet.

    `cadre_key` decides what the programme asks. Where people are counted as they stand today:
    `held_key` the cadre held there, `enrolled_from` the unit of the enrolment where it is another,
    `has_left` whether no post is held any more.
    """

    user: User
    cadre_key: str
    unit: AdministrativeUnit
    state: PersonState
    run: CourseRun | None
    enrolment_id: int | None
    held_key: str = ""
    enrolled_from: AdministrativeUnit | None = None
    has_left: bool = False

    @property
    def cadre(self) -> str:
        """In the words of the reader."""
        return str(Cadre(self.held_key or self.cadre_key).label)


def people_in(
    *,
    programme: Programme,
    edition: BoundaryEdition,
    unit: AdministrativeUnit,
    on: date,
    reader: User,
    cadres: Collection[str] | None = None,
    counted_at: CountedAt = CountedAt.ENROLMENT,
) -> list[PersonLine]:
    """Return those whom the table counts in this very unit (not below it), in name order.

    As many lines as the figure says. A constant number of queries.
    """
    wanted = required_courses(programme=programme, cadres=cadres)
    posted = posted_people(programme=programme, cadres=wanted, on=on, reader=reader)
    at_current_place = counted_at == CountedAt.NOW
    required = required_courses(programme=programme) if at_current_place else wanted
    enrolled = enrolled_people(programme=programme, cadres=required, reader=reader)
    placed: QuerySet[Any] = enrolled.annotate(place=F("unit"))
    if at_current_place:
        placed = people_at_current_unit(enrolments=enrolled, on=on, reader=reader, cadres=cadres)
    here = _units_counted_in(unit=unit, edition=edition, enrolled=placed, posted=posted)
    placed = placed.filter(place__in=here)
    lines = enrolled_lines(placed, programme, required, on)
    if at_current_place:
        lines = lines_at_current_unit(lines, placed)
    lines += posted_lines(posted.filter(unit__in=here))
    return sorted(lines, key=lambda line: (line.user.sort_key, line.user.staff_code))


def _units_counted_in(
    *,
    unit: AdministrativeUnit,
    edition: BoundaryEdition,
    enrolled: QuerySet[Any],
    posted: QuerySet[Posting],
) -> list[int]:
    """Return the units, of any edition, whose people the edition shows in `unit`."""
    own = set(edition.units.values_list("pk", flat=True))
    stamped = {
        *enrolled.order_by().values_list("place", flat=True).distinct(),
        *posted.order_by().values_list("unit", flat=True).distinct(),
    }
    became = place_units(unit_ids=stamped, edition=edition, units=own)
    return [source for source, target in became.items() if target == unit.pk]


def enrolled_lines(
    enrolments: QuerySet[Enrolment], programme: Programme, required: Requirements, on: date
) -> list[PersonLine]:
    """Return the lines of those in a class; one query."""
    marked = annotate_states(
        enrolments.select_related("user", "unit", "run"),
        programme=programme,
        requirements=required,
        on=on,
    )
    return [
        PersonLine(
            user=enrolment.user,
            cadre_key=enrolment.cadre,
            unit=enrolment.unit,
            state=PersonState(enrolment.state),
            run=enrolment.run,
            enrolment_id=enrolment.pk,
        )
        for enrolment in marked
    ]


def lines_at_current_unit(
    lines: Iterable[PersonLine], enrolments: QuerySet[Any]
) -> list[PersonLine]:
    """Return the lines of `enrolments` (`people_at_current_unit`) with the post of today;
    two queries.

    Whoever is not among them stands beyond the reader's area, and the line stays as it is.
    """
    stands = {pk: stand for pk, *stand in enrolments.values_list("pk", "place", "held", "is_held")}
    units = AdministrativeUnit.objects.in_bulk({place for place, *_rest in stands.values()})
    return [
        _standing(line, units, *stands[line.enrolment_id]) if line.enrolment_id in stands else line
        for line in lines
    ]


def _standing(
    line: PersonLine, units: Mapping[int, AdministrativeUnit], place: int, held: str, is_held: bool
) -> PersonLine:
    return replace(
        line,
        unit=units[place],
        held_key=held,
        enrolled_from=line.unit if place != line.unit.pk else None,
        has_left=not is_held,
    )


def posted_lines(postings: QuerySet[Posting]) -> list[PersonLine]:
    """Return the lines of those whom no class has reached; one query."""
    return [
        PersonLine(
            user=posting.user,
            cadre_key=posting.cadre,
            unit=posting.unit,
            state=PersonState.NO_CLASS,
            run=None,
            enrolment_id=None,
        )
        for posting in postings.select_related("user", "unit")
    ]
