"""Scheduled reports: which periods are told to whom, and the figures of one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lms.accounts.models import User
from lms.core.refusal import Refusal
from lms.geography.enums import Level
from lms.reporting.domain.periods import Period, periods_over, read_period
from lms.reporting.domain.small_numbers import is_small
from lms.reporting.domain.tables import Table, completion_table_as_of
from lms.reporting.enums import PeriodKind
from lms.reporting.models import ReportSchedule


@dataclass(frozen=True)
class DueReport:
    """A period that is over, for one person who is told of it."""

    schedule: ReportSchedule
    user: User
    period: Period


def due_reports(*, today: date) -> Iterator[DueReport]:
    """Yield the last period of each schedule, for everybody who is told of it; two queries."""
    schedules = ReportSchedule.objects.select_related("programme", "unit__edition")
    for schedule in schedules.prefetch_related("recipients").order_by("pk"):
        [period] = periods_over(kind=PeriodKind(schedule.kind), today=today, count=1)
        for user in schedule.recipients.all():
            yield DueReport(schedule, user, period)


def period_told(*, key: str, today: date) -> Period | None:
    """Return the period of a planned message; None for one that is none any more."""
    try:
        return read_period(key=key, today=today)
    except Refusal:
        return None


def is_reader(*, schedule: ReportSchedule, user: User) -> bool:
    """Return whether the person may still be told: who oversees the whole unit."""
    return user.is_active and user.scope.covers(schedule.unit.path)


def table_of_period(*, schedule: ReportSchedule, period: Period, reader: User) -> Table:
    """Return the report of the last day of the period, as the reader may see it."""
    unit = schedule.unit
    return completion_table_as_of(
        programme=schedule.programme,
        edition=unit.edition,
        on=period.ends_on,
        reader=reader,
        parent=None if unit.level == Level.PROVINCE else unit,
    )


def tells_few_posts(*, table: Table) -> bool:
    """Return whether the goal of the total tells of a small group: all its people, or those of places without
    a target, which whoever knows the targets takes from the sum.
    """
    total = table.total
    untold = [row.goal.people for row in table.places or table.rows if not row.goal.is_set]
    return is_small(total.figures.people) or (total.goal.is_set and is_small(sum(untold)))
