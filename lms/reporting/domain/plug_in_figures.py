"""The figures of plug-ins and those of training: whose names stand behind one of them, or behind a part of it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from courses.models import Enrolment, Programme
from lms.accounts.models import User
from lms.core.display import vi_number
from lms.reporting.domain.counting import all_enrolments, part_key
from lms.reporting.domain.narrowing import DayRange, Narrowing
from lms.reporting.domain.queries import Requirements, completed_q, enrolled_people
from lms.reporting.extensions import ReportColumn, TrainingFigure, report_columns, training_figures


@dataclass(frozen=True)
class PlugInFigure:
    """A column, or one of its parts, `part` "" for the column; or a figure of the training given."""

    column: ReportColumn | TrainingFigure
    part: str = ""

    @property
    def key(self) -> str:
        """Under which it stands in an address, as among the figures."""
        return part_key(self.column.key, self.part) if self.part else self.column.key

    def label(self, count: int) -> str:
        """Return what so many names are the names of."""
        if isinstance(self.column, TrainingFigure) or not self.part:
            return str(self.column.label)
        part = str(self.column.parts[self.part]) % {"count": vi_number(count)}
        return f"{self.column.label}: {part}"


def read_figure(key: str) -> PlugInFigure | None:
    """Return the figure of this key, if it opens names."""
    training = training_figures.get(key)
    if training is not None:
        return PlugInFigure(training)
    name, _separator, part = key.partition(":")
    column = report_columns.get(name)
    is_known = column is not None and column.opens_names and (not part or part in column.parts)
    return PlugInFigure(column, part) if column is not None and is_known else None


def behind_figure(
    *,
    figure: PlugInFigure,
    programme: Programme,
    requirements: Requirements,
    reader: User,
    narrowing: Narrowing,
) -> QuerySet[Enrolment]:
    """Return the enrolments that the figure counts: of a part one a person who has completed, as
    `enrolled_people` has it; of a column one for each thing, of training one for each class, so that people
    may be told twice.
    """
    cadres: Collection[str] = requirements
    of_whom: dict[str, Any] = {"programme": programme, "reader": reader, "narrowing": narrowing}
    if isinstance(figure.column, TrainingFigure):
        period = narrowing.within or DayRange()
        enrolments = all_enrolments(cadres=cadres, **of_whom)
        return figure.column.find(enrolments, first=period.first, last=period.last)
    if not figure.part:
        return figure.column.find(all_enrolments(cadres=cadres, **of_whom))
    done = completed_q(programme=programme, requirements=requirements)
    return figure.column.find(enrolled_people(cadres=cadres, **of_whom).filter(done), figure.part)


def values_of(
    *, figure: TrainingFigure, enrolment_ids: Collection[int], narrowing: Narrowing
) -> dict[int, float | None]:
    """Return what each of these enrolments adds to a figure of training, by its id."""
    period = narrowing.within or DayRange()
    enrolments = Enrolment.objects.filter(pk__in=enrolment_ids)
    counted = figure.count(enrolments, first=period.first, last=period.last, by="pk")
    return {pk: figure.value({figure.per: 1, figure.key: one}) for pk, one in counted.items()}
