"""One counted person, as a line of a list of names tells it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db.models import BigIntegerField, BooleanField, CharField, QuerySet

from courses.models import CourseRun
from lms.accounts.enums import Cadre
from lms.accounts.models import Posting, User
from lms.geography.models import AdministrativeUnit
from lms.reporting.enums import PersonState

#: What `people_at_current_unit` tells of a person's post.
STAND: Final[Mapping[str, Any]] = {
    "place": BigIntegerField(),
    "held": CharField(),
    "is_held": BooleanField(),
}


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


def enrolled_lines(
    enrolments: QuerySet[Any], states: Mapping[int, str] | None = None
) -> list[PersonLine]:
    """Return the lines of those in a class, with their `annotate_states`, or `states` by their ids;
    one query.
    """
    return [
        PersonLine(
            user=enrolment.user,
            cadre_key=enrolment.cadre,
            unit=enrolment.unit,
            state=PersonState(states[enrolment.pk] if states else enrolment.state),
            run=enrolment.run,
            enrolment_id=enrolment.pk,
        )
        for enrolment in enrolments.select_related("user", "unit", "run")
    ]


def lines_at_current_unit(
    lines: Iterable[PersonLine], stands: Mapping[int, Sequence[Any]]
) -> list[PersonLine]:
    """Return the lines with the post of today: `STAND` of `people_at_current_unit` by enrolment; one query.

    Whoever is not among them stands beyond the reader's area, and the line stays as it is.
    """
    units = AdministrativeUnit.objects.in_bulk({place for place, *_rest in stands.values()})
    return [
        _standing(line, units, *stands[line.enrolment_id])
        if line.enrolment_id is not None and line.enrolment_id in stands
        else line
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
