"""Many sessions at once: one for each module, or every Tuesday between two days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from attendance.domain.roll.late_marks import require_run_unsigned
from attendance.domain.sessions.scheduling import (
    SessionPlan,
    add_session,
    modules_of,
    moments_of,
    require_possible,
)
from attendance.domain.wording import describe_day
from attendance.models import Session
from courses.domain import completion
from courses.domain.runs import lock_run
from courses.models import CourseRun
from lms.accounts.models import User
from lms.core.refusal import CatchRefusal, Refusal

MOST_SESSIONS: Final = 100


@dataclass(frozen=True)
class SeriesPlan:
    """The days and hours of a series; `weekdays` as `date.weekday` counts, Monday is 0.

    `by_module`: one session for each module of the course, in its order; else numbered ones, as many
    as there are days, or `count`.
    """

    first_day: date
    last_day: date
    weekdays: frozenset[int]
    starts: time
    ends: time
    by_module: bool = False
    count: int | None = None
    skipped: frozenset[date] = frozenset()
    place: str = ""
    room: str = ""
    seats: int | None = None
    is_required: bool = True


def days_of(series: SeriesPlan) -> list[date]:
    """Return the days of the series, at most `MOST_SESSIONS`. Pure."""
    span = range((series.last_day - series.first_day).days + 1)
    every = (series.first_day + timedelta(days=distance) for distance in span)
    wanted = (day for day in every if day.weekday() in series.weekdays)
    return list(islice((day for day in wanted if day not in series.skipped), MOST_SESSIONS))


def plan_series(*, run: CourseRun, series: SeriesPlan) -> list[SessionPlan]:
    """Return the sessions of the series; writes nothing.

    Raises Refusal `no_day_in_series`, `no_modules`, `fewer_days_than_modules` and
    `fewer_days_than_sessions`.
    """
    days = days_of(series)
    if not days:
        raise Refusal(
            "no_day_in_series",
            _("There is no such day of the week between these two dates."),
            field="weekdays",
        )
    subjects = _modules_for(run, days) if series.by_module else _numbers_for(run, series, days)
    return [
        _plan(series, day, title, module_id)
        for day, (title, module_id) in zip(days, subjects, strict=False)
    ]


def find_problems(*, run: CourseRun, plans: Sequence[SessionPlan]) -> list[Refusal | None]:
    """Return for each of these sessions why it cannot be, None where it can; one query."""
    others = list(Session.objects.taking_place().filter(run=run))
    problems: list[Refusal | None] = []
    for plan in plans:
        with CatchRefusal() as caught:
            require_possible(run=run, plan=plan, others=others)
        problems.append(caught.refusal)
    return problems


@transaction.atomic
def create_series(
    *, run: CourseRun, plans: Sequence[SessionPlan], by: User, at: datetime
) -> list[Session]:
    """Add all these sessions to a class, or none of them; everybody is judged once.

    Raises Refusal `series_refused`, which names each session that cannot be, and why.
    """
    held = lock_run(run)
    require_run_unsigned(held)
    problems = find_problems(run=held, plans=plans)
    told = [
        f"{plan.title} ({describe_day(plan.starts_at, now=at)}): {problem.message}"
        for plan, problem in zip(plans, problems, strict=True)
        if problem
    ]
    if told:
        raise Refusal("series_refused", _("Nothing was added. %(rows)s") % {"rows": " ".join(told)})
    sessions = [add_session(run=held, plan=plan, by=by, at=at) for plan in plans]
    completion.evaluate_class(run=held, at=at)
    return sessions


def _modules_for(run: CourseRun, days: list[date]) -> list[tuple[str, int | None]]:
    modules = list(modules_of(run=run))
    if not modules:
        raise Refusal("no_modules", _("The course of the class has no modules yet."))
    if len(days) < len(modules):
        raise Refusal(
            "fewer_days_than_modules",
            _("%(modules)d modules need %(modules)d days, but there are only %(days)d.")
            % {"modules": len(modules), "days": len(days)},
            field="last_day",
        )
    return [(module.title, module.pk) for module in modules]


def _numbers_for(
    run: CourseRun, series: SeriesPlan, days: list[date]
) -> list[tuple[str, int | None]]:
    count = series.count or len(days)
    if len(days) < count:
        raise Refusal(
            "fewer_days_than_sessions",
            _("%(count)d sessions need %(count)d days, but there are only %(days)d.")
            % {"count": count, "days": len(days)},
            field="count",
        )
    known = Session.objects.filter(run=run).count()
    numbers = range(known + 1, known + 1 + count)
    return [(_("Session %(number)d") % {"number": number}, None) for number in numbers]


def _plan(series: SeriesPlan, day: date, title: str, module_id: int | None) -> SessionPlan:
    begin, end = moments_of(day=day, starts=series.starts, ends=series.ends)
    return SessionPlan(
        title=title[:200],
        starts_at=begin,
        ends_at=end,
        place=series.place,
        room=series.room,
        seats=series.seats,
        is_required=series.is_required,
        module_id=module_id,
    )
