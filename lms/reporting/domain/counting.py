"""The figures of a programme by unit, before any table is laid out."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count

from courses.models import Enrolment, Programme
from lms.reporting.domain.queries import (
    completed_q,
    enrolled_people,
    posted_people,
    required_courses,
)
from lms.reporting.extensions import report_columns


@dataclass
class Figures:
    """Counts of one place; they add up. People are counted once, `extra` by column key.

    people: all whom the programme counts; enrolled and completed: those of them.
    """

    people: int = 0
    enrolled: int = 0
    completed: int = 0
    extra: dict[str, int] = field(default_factory=dict)

    @property
    def learning(self) -> int:
        """In a class, not completed."""
        return self.enrolled - self.completed

    @property
    def unreached(self) -> int:
        """In no class yet."""
        return self.people - self.enrolled

    def add(self, other: "Figures") -> None:
        self.people += other.people
        self.enrolled += other.enrolled
        self.completed += other.completed
        for key, figure in other.extra.items():
            self.extra[key] = self.extra.get(key, 0) + figure


def count_by_unit(
    *, programme: Programme, on: date, reader: Any, cadres: Collection[str] | None = None
) -> dict[int, Figures]:
    """Figures by the id of the unit that a person stands in, of any edition.

    `cadres` None: all that the programme trains. Only units that the reader oversees.
    """
    wanted = required_courses(programme=programme, cadres=cadres)
    figures: dict[int, Figures] = {}
    enrolled = enrolled_people(programme=programme, cadres=wanted, reader=reader)
    done = completed_q(programme=programme, requirements=wanted)
    grouped = enrolled.values_list("unit").annotate(
        people=Count("pk"), finished=Count("pk", filter=done)
    )
    for unit, people, completed in grouped.order_by():
        figures[unit] = Figures(people=people, enrolled=people, completed=completed)
    posted = posted_people(programme=programme, cadres=wanted, on=on, reader=reader)
    waiting = posted.values_list("unit").annotate(people=Count("pk"))
    for unit, people in waiting.order_by():
        figures.setdefault(unit, Figures()).people += people
    _add_columns(figures=figures, enrolments=_all_enrolments(programme, wanted, reader))
    return figures


def _all_enrolments(programme: Programme, cadres: Collection[str], reader: Any) -> Any:
    enrolments = Enrolment.objects.overseen_by(reader).counted()
    return enrolments.filter(run__programme=programme, cadre__in=cadres)


def _add_columns(*, figures: dict[int, Figures], enrolments: Any) -> None:
    for column in report_columns:
        for unit, figure in column.count(enrolments).items():
            figures.setdefault(unit, Figures()).extra[column.key] = figure
