"""The figures of a programme by unit, before any table is laid out."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from django.db.models import CharField, Count, DateField, F, Min, Q, QuerySet, Value

from courses.models import Enrolment, Programme
from lms.accounts.models import Posting, User
from lms.reporting.domain.narrowing import EVERYBODY, Narrowing
from lms.reporting.domain.queries import (
    Requirements,
    completed_q,
    enrolled_people,
    posted_people,
    required_courses,
)
from lms.reporting.domain.states import annotate_states, with_first_days
from lms.reporting.domain.trend import Days, count_days, first_day, with_days
from lms.reporting.enums import LATE_STATES, PersonState
from lms.reporting.extensions import WHERE_ENROLLED, Place, report_columns

#: Rows of all units; another such area names some by `unit`.
ANYWHERE: Final = Q()


@dataclass
class Figures:
    """Counts of one place by state, a person once; `extra` by column key.

    A part of a column (`ReportColumn.parts`) stands in `extra` under `part_key`.

    starts_on: the first day of the earliest class to come;
    left: of all people, those who hold no post any more; told where people stand today;
    days: on which days those who have completed did, as `count_days` tells;
    sexes: how many by (sex, whether they have completed).
    """

    no_class: int = 0
    to_come: int = 0
    learning: int = 0
    not_completed: int = 0
    completed: int = 0
    starts_on: date | None = None
    left: int = 0
    days: Days = field(default_factory=Counter)
    sexes: Counter[tuple[str, bool]] = field(default_factory=Counter)
    extra: dict[str, int] = field(default_factory=dict)

    @property
    def people(self) -> int:
        """All whom the programme counts here."""
        # Spelt out: it is asked some times of each of ten thousand communes.
        return self.no_class + self.to_come + self.learning + self.not_completed + self.completed

    @property
    def missing(self) -> int:
        return self.people - self.completed

    @property
    def late(self) -> int:
        """Those whom nobody teaches now and for whom no class is to come."""
        return sum(self.count(state) for state in LATE_STATES)

    def count(self, state: PersonState) -> int:
        """Return how many are in this state."""
        counted: int = getattr(self, state.value)
        return counted

    def add_people(
        self, state: PersonState, people: int, sex: str, begins: date | None = None
    ) -> None:
        """Add so many people of a sex in this state. `begins`: the first day of a class to come, told of those
        alone who wait for it: whoever learns may have one as well.
        """
        setattr(self, state.value, self.count(state) + people)
        self.sexes[sex, state == PersonState.COMPLETED] += people
        if state == PersonState.TO_COME:
            self._add_day(begins)

    def completed_of(self, sex: str) -> int:
        """Return how many of this sex have completed."""
        return self.sexes[sex, True]

    def people_of(self, sex: str) -> int:
        """Return how many of this sex are counted."""
        return self.sexes[sex, True] + self.sexes[sex, False]

    def _add_day(self, starts_on: date | None) -> None:
        """Note the first day of a class to come, where it is the earliest."""
        if starts_on:
            self.starts_on = min(self.starts_on or starts_on, starts_on)

    def copy(self) -> "Figures":
        """Return the same figures, to be changed apart."""
        return replace(
            self, days=self.days.copy(), sexes=self.sexes.copy(), extra=self.extra.copy()
        )

    def add(self, other: "Figures") -> None:
        self.no_class += other.no_class
        self.to_come += other.to_come
        self.learning += other.learning
        self.not_completed += other.not_completed
        self.completed += other.completed
        self.sexes.update(other.sexes)
        self.left += other.left
        self._add_day(other.starts_on)
        self.days.update(other.days)
        for key, figure in other.extra.items():
            self.extra[key] = self.extra.get(key, 0) + figure


def count_by_unit(
    *,
    programme: Programme,
    on: date,
    reader: User,
    cadres: Collection[str] | None = None,
    narrowing: Narrowing = EVERYBODY,
    area: Q = ANYWHERE,
) -> dict[int, Figures]:
    """Return figures by the id of the unit that a person stands in, of any edition.

    `cadres` None: all that the programme trains. Only units that the reader oversees, and of them
    only those of `area`.
    """
    wanted = required_courses(programme=programme, cadres=cadres, narrowing=narrowing)
    of_whom: dict[str, Any] = {"programme": programme, "reader": reader, "narrowing": narrowing}
    figures: dict[int, Figures] = {}
    _add_people(figures, _told(wanted, on=on, within=area, **of_whom))
    enrolled = enrolled_people(cadres=wanted, **of_whom).filter(area)
    done = completed_q(programme=programme, requirements=wanted)
    enrolments = all_enrolments(cadres=wanted, **of_whom).filter(area)
    add_columns(figures=figures, enrolments=enrolments, people=enrolled.filter(done))
    return figures


def _told(
    wanted: Requirements,
    *,
    on: date,
    within: Q,
    **of_whom: Any,
) -> QuerySet[Any, Any]:
    """Return those in a class by their states, those in none, and the days of those who completed."""
    narrowing = of_whom["narrowing"]
    marks: dict[str, Any] = {"programme": of_whom["programme"], "requirements": wanted}
    enrolled = enrolled_people(cadres=wanted, **of_whom).filter(within)
    posted = posted_people(cadres=wanted, on=on, **of_whom).filter(within)
    marked = annotate_states(enrolled, on=on, narrowing=narrowing, **marks)
    since = narrowing.looks_back_to(first_day(on=on))
    dated = with_days(enrolled.filter(completed_q(**marks)), since=since, **marks)
    no_class, no_day = Value(PersonState.NO_CLASS.value), Value(None, DateField())
    day_alone = Value("", CharField())
    marked = with_first_days(marked, programme=of_whom["programme"], on=on, narrowing=narrowing)
    states = marked.values_list("unit", "state", "user__sex").annotate(
        people=Count("pk"), day=Min("begins")
    )
    unreached = posted.annotate(state=no_class).values_list("unit", "state", "user__sex")
    days = dated.annotate(state=day_alone, sex=day_alone).values_list("unit", "state", "sex")
    return states.order_by().union(
        unreached.annotate(people=Count("pk"), day=no_day).order_by(),
        days.annotate(people=Count("pk"), day=F("done_on")).order_by(),
        all=True,
    )


def _add_people(figures: dict[int, Figures], told: Iterable[Any]) -> None:
    for unit, state, sex, people, day in told:
        here = figures.setdefault(unit, Figures())
        if state:
            here.add_people(PersonState(state), people, sex, day)
        else:
            here.days[day] += people


def add_unreached(*, figures: dict[int, Figures], posted: QuerySet[Posting]) -> None:
    """Add those whom no class has reached: they stand where they are posted, whatever the
    report asks.
    """
    unreached = posted.values_list("unit", "user__sex").annotate(people=Count("pk"))
    for unit, sex, people in unreached.order_by():
        figures.setdefault(unit, Figures()).add_people(PersonState.NO_CLASS, people, sex)


def add_days(
    *,
    figures: dict[int, Figures],
    people: QuerySet[Enrolment],
    programme: Programme,
    requirements: Requirements,
    on: date,
    narrowing: Narrowing = EVERYBODY,
    place: Place = WHERE_ENROLLED,
) -> None:
    """Add the days on which these people, who have completed, did so."""
    counted = count_days(
        people=people.annotate(at=place),
        programme=programme,
        requirements=requirements,
        since=narrowing.looks_back_to(first_day(on=on)),
    )
    for unit, days in counted.items():
        figures.setdefault(unit, Figures()).days.update(days)


def part_key(column: str, part: str) -> str:
    """Return where a part of a column stands among the figures."""
    return f"{column}:{part}"


def all_enrolments(
    *,
    programme: Programme,
    cadres: Collection[str],
    reader: User | None,
    narrowing: Narrowing = EVERYBODY,
) -> QuerySet[Enrolment]:
    """Return all, not the latest of each person only; `reader` as in `enrolled_people`."""
    seen = Enrolment.objects.overseen_by(reader) if reader else Enrolment.objects.all()
    enrolments = seen.in_held_classes()
    if narrowing.course_id:
        enrolments = enrolments.filter(run__course=narrowing.course_id)
    return enrolments.filter(narrowing.people_q(), run__programme=programme, cadre__in=cadres)


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
        whole, parts = column.count_all(enrolments, people, place)
        for unit, figure in whole.items():
            figures.setdefault(unit, Figures()).extra[column.key] = figure
        for part, counted in parts.items():
            for unit, figure in counted.items():
                extra = figures.setdefault(unit, Figures()).extra
                extra[part_key(column.key, part)] = figure
