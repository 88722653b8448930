"""The names behind a figure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, QuerySet, Value, When

from courses.models import CourseRun, Enrolment, Programme
from lms.accounts.enums import Cadre
from lms.accounts.models import Posting, User
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.queries import (
    Requirements,
    completed_q,
    enrolled_people,
    first_day_ahead,
    posted_people,
    required_courses,
)
from lms.reporting.domain.tables import place_units
from lms.reporting.enums import PersonState


@dataclass(frozen=True)
class PersonLine:
    """One counted person: where, in which class, how far. `run` None: no class yet."""

    user: User
    cadre_key: str
    unit: AdministrativeUnit
    state: PersonState
    run: CourseRun | None
    enrolment_id: int | None

    @property
    def cadre(self) -> str:
        """In the words of the reader."""
        return str(Cadre(self.cadre_key).label)


def people_in(
    *,
    programme: Programme,
    edition: BoundaryEdition,
    unit: AdministrativeUnit,
    on: date,
    reader: Any,
    cadres: Collection[str] | None = None,
) -> list[PersonLine]:
    """Those whom the table counts in this very unit (not below it), in name order.

    As many lines as the figure says. A constant number of queries.
    """
    required = required_courses(programme=programme, cadres=cadres)
    enrolled = enrolled_people(programme=programme, cadres=required, reader=reader)
    posted = posted_people(programme=programme, cadres=required, on=on, reader=reader)
    here = _units_counted_in(unit=unit, edition=edition, enrolled=enrolled, posted=posted)
    lines = [
        *enrolled_lines(enrolled.filter(unit__in=here), programme, required, on),
        *posted_lines(posted.filter(unit__in=here)),
    ]
    return sorted(lines, key=lambda line: (line.user.sort_key, line.user.staff_code))


def _units_counted_in(
    *,
    unit: AdministrativeUnit,
    edition: BoundaryEdition,
    enrolled: QuerySet[Enrolment],
    posted: QuerySet[Posting],
) -> list[int]:
    """The units, of any edition, whose people the edition shows in `unit`."""
    own = set(edition.units.values_list("pk", flat=True))
    stamped = {
        *enrolled.order_by().values_list("unit", flat=True).distinct(),
        *posted.order_by().values_list("unit", flat=True).distinct(),
    }
    became = place_units(unit_ids=stamped, edition=edition, units=own)
    return [source for source, target in became.items() if target == unit.pk]


def enrolled_lines(
    enrolments: QuerySet[Enrolment], programme: Programme, required: Requirements, on: date
) -> list[PersonLine]:
    """The lines of those in a class; one query."""
    done = completed_q(programme=programme, requirements=required)
    marked = enrolments.select_related("user", "unit", "run").annotate(
        is_done=Case(When(done, then=Value(True)), default=Value(False)),
        begins=first_day_ahead(programme=programme, on=on),
    )
    return [
        PersonLine(
            user=enrolment.user,
            cadre_key=enrolment.cadre,
            unit=enrolment.unit,
            state=_state(enrolment),
            run=enrolment.run,
            enrolment_id=enrolment.pk,
        )
        for enrolment in marked
    ]


def _state(enrolment: Any) -> PersonState:
    if enrolment.is_done:
        return PersonState.COMPLETED
    return PersonState.WAITING if enrolment.begins else PersonState.LEARNING


def posted_lines(postings: QuerySet[Posting]) -> list[PersonLine]:
    """The lines of those whom no class has reached; one query."""
    return [
        PersonLine(
            user=posting.user,
            cadre_key=posting.cadre,
            unit=posting.unit,
            state=PersonState.NOT_REACHED,
            run=None,
            enrolment_id=None,
        )
        for posting in postings.select_related("user", "unit")
    ]
