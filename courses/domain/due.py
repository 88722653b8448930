"""What is due next for a person: appointments of the classes, and which class goes first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from courses.enums import RunStatus
from courses.extensions import (
    Appointment,
    CriterionResult,
    Learner,
    WayOn,
    agendas,
    completion_criteria,
)
from courses.models import CourseRun

# A class in which something can be done goes before one that is still to open, or over.
_RANKS: Final = {RunStatus.OPEN: 0, RunStatus.PLANNED: 1}


def appointments_of(*, runs: Iterable[CourseRun], now: datetime) -> dict[int, list[Appointment]]:
    """Return what each class has on its next day, in order, by its id, the soonest class first.

    The one that goes on or comes next stands in front; none is left out of a day with two.
    """
    asked = list(runs)
    found: dict[int, list[Appointment]] = defaultdict(list)
    for agenda in agendas:
        for run_id, appointments in agenda.next_of(asked, now=now).items():
            found[run_id] += appointments
    days = {run_id: _of_first_day(appointments) for run_id, appointments in found.items()}
    return dict(sorted(days.items(), key=lambda pair: pair[1][0].starts_at))


def next_day(*, coming: Mapping[int, Sequence[Appointment]]) -> list[tuple[int, Appointment]]:
    """Return what the soonest day brings in all of these classes, with the id of the class."""
    listed = [(run_id, one) for run_id, ones in coming.items() for one in ones]
    of_day = _of_first_day([one for _run_id, one in listed])
    return sorted(
        (pair for pair in listed if pair[1] in of_day), key=lambda pair: pair[1].starts_at
    )


def _of_first_day(appointments: Iterable[Appointment]) -> list[Appointment]:
    in_order = sorted(appointments, key=lambda one: one.starts_at)
    days = [timezone.localdate(one.starts_at) for one in in_order]
    return [one for one, day in zip(in_order, days, strict=True) if day == days[0]]


def due_on(*, run: CourseRun, appointment: Appointment | None) -> date:
    """Return the day of the next appointment or the last day of the class, whichever is sooner."""
    if appointment is None:
        return run.ends_on
    return min(timezone.localdate(appointment.starts_at), run.ends_on)


def in_order_of_due(
    *, enrolments: Iterable[Any], appointments: Mapping[int, Sequence[Appointment]]
) -> list[Any]:
    """Return the enrolments (`annotate_reading`), what is due soonest first.

    Before those of classes that are not open, and before those with neither a lesson nor an
    appointment.
    """

    def place(one: Any) -> tuple[int, bool, date]:
        appointment = next(iter(appointments.get(one.run_id, ())), None)
        has_nothing = not one.lessons_total and appointment is None
        rank = _RANKS.get(one.run.status, len(_RANKS))
        return rank, has_nothing, due_on(run=one.run, appointment=appointment)

    return sorted(enrolments, key=place)


def lacks_of(*, results: Iterable[CriterionResult]) -> list[str]:
    """Return in few words what is missing, for where there is no room for sentences; what several
    courses ask of the same kind is added up.
    """
    open_ones: dict[str, list[CriterionResult]] = {}
    for one in results:
        if not one.met:
            open_ones.setdefault(one.key, []).append(one)
    asked = [(completion_criteria.get(key), ones) for key, ones in open_ones.items()]
    return [
        text for criterion, ones in asked if criterion and (text := criterion.lack_of_all(ones))
    ]


def way_on(*, result: CriterionResult, learner: Learner) -> WayOn | None:
    """Return where the person goes on with what a criterion misses; None when nothing is missing
    or there is nothing to do about it.
    """
    criterion = completion_criteria.get(result.key)
    if result.met or criterion is None or learner.enrolment.run.status != RunStatus.OPEN:
        return None
    return criterion.way_on(result, learner=learner)
