"""What is due next for a person: appointments of the classes, and which class goes first."""

from collections.abc import Iterable, Mapping
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


def appointments_of(*, runs: Iterable[CourseRun], now: datetime) -> dict[int, Appointment]:
    """Return the next appointment of each class that has one, by its id, the soonest first."""
    asked = list(runs)
    found: dict[int, Appointment] = {}
    for agenda in agendas:
        for run_id, appointment in agenda.next_of(asked, now=now).items():
            known = found.get(run_id)
            if known is None or appointment.starts_at < known.starts_at:
                found[run_id] = appointment
    return dict(sorted(found.items(), key=lambda pair: pair[1].starts_at))


def due_on(*, run: CourseRun, appointment: Appointment | None) -> date:
    """Return the day of the next appointment or the last day of the class, whichever is sooner."""
    if appointment is None:
        return run.ends_on
    return min(timezone.localdate(appointment.starts_at), run.ends_on)


def in_order_of_due(
    *, enrolments: Iterable[Any], appointments: Mapping[int, Appointment]
) -> list[Any]:
    """Return the enrolments (`annotate_reading`), what is due soonest first.

    Before those of classes that are not open, and before those with neither a lesson nor an
    appointment.
    """

    def place(one: Any) -> tuple[int, bool, date]:
        appointment = appointments.get(one.run_id)
        has_nothing = not one.lessons_total and appointment is None
        rank = _RANKS.get(one.run.status, len(_RANKS))
        return rank, has_nothing, due_on(run=one.run, appointment=appointment)

    return sorted(enrolments, key=place)


def way_on(*, result: CriterionResult, learner: Learner) -> WayOn | None:
    """Return where the person goes on with what a criterion misses; None when nothing is missing
    or there is nothing to do about it.
    """
    criterion = completion_criteria.get(result.key)
    if result.met or criterion is None or learner.enrolment.run.status != RunStatus.OPEN:
        return None
    return criterion.way_on(result, learner=learner)
