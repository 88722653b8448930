"""The figures of a programme by unit, before any table is laid out."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Min, Q, QuerySet

from courses.models import Enrolment, Programme
from lms.accounts.models import Posting, User
from lms.reporting.domain.queries import (
    completed_q,
    enrolled_people,
    first_day_ahead,
    posted_people,
    required_courses,
)
from lms.reporting.extensions import WHERE_ENROLLED, Place, report_columns


@dataclass
class Figures:
    """Counts of one place; they add up. People are counted once, `extra` by column key.

    A part of a column (`ReportColumn.parts`) stands in `extra` under `part_key`.

    people: all whom the programme counts; enrolled and completed: those of them.
    waiting: enrolled, not completed, and the class has not begun (`first_day_ahead`);
    starts_on: the first day of the earliest of these classes.
    left: of all people, those who hold no post any more; told where people stand today.
    """

    people: int = 0
    enrolled: int = 0
    completed: int = 0
    waiting: int = 0
    starts_on: date | None = None
    left: int = 0
    extra: dict[str, int] = field(default_factory=dict)

    @property
    def learning(self) -> int:
        """In a class that has begun, not completed."""
        return self.enrolled - self.completed - self.waiting

    @property
    def unreached(self) -> int:
        """In no class yet."""
        return self.people - self.enrolled

    @property
    def lagging(self) -> int:
        """Still to complete, without those whose class has not begun."""
        return self.learning + self.unreached

    @property
    def share_due(self) -> float:
        """What part has completed of those who could have, from 0 to 1; 0 where nobody could."""
        due = self.completed + self.lagging
        return self.completed / due if due else 0

    def add(self, other: "Figures") -> None:
        self.people += other.people
        self.enrolled += other.enrolled
        self.completed += other.completed
        self.waiting += other.waiting
        self.left += other.left
        if other.starts_on:
            self.starts_on = min(self.starts_on or other.starts_on, other.starts_on)
        for key, figure in other.extra.items():
            self.extra[key] = self.extra.get(key, 0) + figure


def count_by_unit(
    *, programme: Programme, on: date, reader: User, cadres: Collection[str] | None = None
) -> dict[int, Figures]:
    """Return figures by the id of the unit that a person stands in, of any edition.

    `cadres` None: all that the programme trains. Only units that the reader oversees.
    """
    wanted = required_courses(programme=programme, cadres=cadres)
    figures: dict[int, Figures] = {}
    enrolled = enrolled_people(programme=programme, cadres=wanted, reader=reader)
    done = completed_q(programme=programme, requirements=wanted)
    ahead = ~done & Q(begins__isnull=False)
    marked = enrolled.annotate(begins=first_day_ahead(programme=programme, on=on))
    grouped = marked.values_list("unit").annotate(
        people=Count("pk"),
        finished=Count("pk", filter=done),
        waiting=Count("pk", filter=ahead),
        first_day=Min("begins", filter=ahead),
    )
    for unit, people, completed, waiting, first_day in grouped.order_by():
        figures[unit] = Figures(
            people=people,
            enrolled=people,
            completed=completed,
            waiting=waiting,
            starts_on=first_day,
        )
    posted = posted_people(programme=programme, cadres=wanted, on=on, reader=reader)
    add_unreached(figures=figures, posted=posted)
    enrolments = all_enrolments(programme=programme, cadres=wanted, reader=reader)
    add_columns(figures=figures, enrolments=enrolments, people=enrolled.filter(done))
    return figures


def add_unreached(*, figures: dict[int, Figures], posted: QuerySet[Posting]) -> None:
    """Add those in no class: they stand where they are posted, whatever the report asks."""
    unreached = posted.values_list("unit").annotate(people=Count("pk"))
    for unit, people in unreached.order_by():
        figures.setdefault(unit, Figures()).people += people


def part_key(column: str, part: str) -> str:
    """Return where a part of a column stands among the figures."""
    return f"{column}:{part}"


def all_enrolments(
    *, programme: Programme, cadres: Collection[str], reader: User
) -> QuerySet[Enrolment]:
    """Return all, not the latest of each person only."""
    enrolments = Enrolment.objects.overseen_by(reader).in_held_classes()
    return enrolments.filter(run__programme=programme, cadre__in=cadres)


def add_columns(
    *,
    figures: dict[int, Figures],
    enrolments: QuerySet[Enrolment],
    people: QuerySet[Enrolment],
    place: Place = WHERE_ENROLLED,
) -> None:
    """Add the figures of the plug-ins; `people`: the latest enrolment of whoever
    has completed.
    """
    for column in report_columns:
        for unit, figure in column.count(enrolments, place).items():
            figures.setdefault(unit, Figures()).extra[column.key] = figure
        for part, counted in column.count_parts(people, place).items():
            for unit, figure in counted.items():
                extra = figures.setdefault(unit, Figures()).extra
                extra[part_key(column.key, part)] = figure
