"""What a plug-in may add to reports. Register in `AppConfig.ready()`; see docs/extending.md."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.db.models import Expression, F, QuerySet
from django.utils.functional import Promise

from courses.models import Enrolment, Programme
from lms.core.registry import Registry

#: The id of the unit in which an enrolment counts, as an expression on enrolments.
Place = Expression | F
#: The unit stamped on the enrolment.
WHERE_ENROLLED = F("unit")


@dataclass(frozen=True)
class TallySource:
    """A table whose rows decide figures that are kept.

    When `columns` of a row change, or a row comes or goes, the people are counted anew who are the
    user ids of `people`, a query with `{}` in the place of the values of `column`; without it
    `column` is the user's id itself.
    """

    key: str
    column: str
    columns: tuple[str, ...]
    people: str = ""

    @property
    def table(self) -> str:
        return self.key


class ReportColumn(ABC):
    """A figure beside the completion of each district and commune.

    `count` and `count_parts` answer for all units at once, in a constant number of queries; both
    group by `place`, of which the report decides.
    """

    key: str
    label: str | Promise
    #: What the figure means, in one sentence: for the page of definitions, the print and the files.
    definition: str | Promise = ""
    #: What those who completed divide into as to this figure: words with a %(count)s, by key.
    parts: ClassVar[Mapping[str, str | Promise]] = {}
    #: The tables, besides those of people and classes, of which the figures are counted: then they
    #: are kept. None: they are counted on each page. They must not depend on the time of day.
    sources: ClassVar[tuple[TallySource, ...] | None] = None
    #: Whether `find` tells whose figure it is: then it opens the names.
    opens_names: ClassVar[bool] = False

    @abstractmethod
    def count(
        self, enrolments: QuerySet[Enrolment], place: Place = WHERE_ENROLLED
    ) -> dict[int, int]:
        """Return the figure by the id of the unit that `place` tells of the enrolment.

        `enrolments` holds those that count and that the reader may see. Units without a figure may be
        left out. A figure must add up over units: each thing is counted in one unit.
        """

    def count_parts(
        self, people: QuerySet[Enrolment], place: Place = WHERE_ENROLLED
    ) -> dict[str, dict[int, int]]:
        """Return, for each key of `parts`, how many of these people, by the id of the unit.

        `people`: one enrolment, the latest, of each person who has completed the programme. Each
        person belongs to one part, so that the parts add up to those who completed.
        """
        return {}

    def count_all(
        self,
        enrolments: QuerySet[Enrolment],
        people: QuerySet[Enrolment],
        place: Place = WHERE_ENROLLED,
    ) -> tuple[Mapping[int, int], Mapping[str, Mapping[int, int]]]:
        """Return what `count` and `count_parts` do; for columns that tell both in one query."""
        return self.count(enrolments, place), self.count_parts(people, place)

    def find(self, enrolments: QuerySet[Enrolment], part: str = "") -> QuerySet[Enrolment]:
        """Return those of the enrolments that the figure counts, or those of the people of
        `count_parts` whom a part counts: as many as are counted.
        """
        return enrolments.none()

    def count_before(
        self, *, programme: Programme, before: datetime, users: Collection[int] | None = None
    ) -> Mapping[int, int]:
        """Return the figure of each enrolment of the programme as it was just before this moment,
        by the id of the enrolment; empty for what keeps no days. `users`: the ids of all of whom
        it is asked, None for everybody.
        """
        return {}


report_columns: Registry[ReportColumn] = Registry("report columns")


class TrainingFigure(ABC):
    """What training was given and taken, apart from who has completed: hours, attendances.

    Counted where people were enrolled, on a page of its own; it must add up over units.
    """

    key: str
    label: str | Promise
    #: One sentence, for the page, the print and the file.
    definition: str | Promise
    #: The key of the figure by which this one is divided; "" for a sum.
    per: str = ""
    #: So many stand for one of what the label names: 60 where minutes are shown as hours.
    unit: int = 1

    def value(self, figures: Mapping[str, int]) -> float | None:
        """Return what is shown of these figures; None for an average of nothing."""
        divisor = self.unit * (figures.get(self.per, 0) if self.per else 1)
        return round(figures.get(self.key, 0) / divisor, 1) if divisor else None

    @abstractmethod
    def count(
        self,
        enrolments: QuerySet[Enrolment],
        *,
        first: date | None,
        last: date | None,
        by: str = "unit",
    ) -> dict[int, int]:
        """Return the figure by the id of the unit stamped on the enrolment, or of the enrolment itself
        (`by` "pk"), of what took place from `first` to `last` (None: without an end); a constant number of queries.
        """

    @abstractmethod
    def find(
        self, enrolments: QuerySet[Enrolment], *, first: date | None, last: date | None
    ) -> QuerySet[Enrolment]:
        """Return those of the enrolments of which `count` counts something: the names behind the figure."""


training_figures: Registry[TrainingFigure] = Registry("training figures")
