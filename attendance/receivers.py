"""What a change of what a class asks, and a copy of a class, mean for attendance."""

from datetime import datetime
from typing import Any, cast

from attendance.domain.hours.deriving_anew import derive_class_anew
from attendance.domain.hours.guests import evaluate_with_guests, find_guests
from attendance.domain.hours.rules import HOURS_KEY, read_rules
from attendance.domain.roll.late_marks import require_not_held, require_unconfirmed
from attendance.domain.sessions.calendar import renew_entries
from attendance.domain.sessions.copying import shifted_sessions
from attendance.domain.sessions.series import create_series
from courses.domain.copying import CopyPlan
from courses.models import CourseRun
from courses.signals import requirements_set, run_cancelled, run_changed, run_copied
from lms.accounts.models import User


def hold_signed_class(sender: Any, *, run: CourseRun, **kwargs: Any) -> None:
    """Refuse to cancel a class whose register was signed: it has taken place."""
    require_not_held(run)


def judge_guests(sender: Any, *, run: CourseRun, **kwargs: Any) -> None:
    """Judge anew, in the own class, whoever was to make up in a class that was cancelled."""
    guests = find_guests(run.sessions.all())
    at = cast("datetime", run.cancelled_at)
    evaluate_with_guests(run=run, guests=guests, enrolment_ids=[], at=at)


def derive_by_new_rules(
    sender: Any, *, run: CourseRun, before: dict[str, Any], after: dict[str, Any], **kwargs: Any
) -> None:
    """Derive the records of the class anew where its rules are others than before.

    Raises Refusal `run_confirmed`: a register that was confirmed holds still.
    """
    require_unconfirmed(run)
    if read_rules(after.get(HOURS_KEY)) != read_rules(before.get(HOURS_KEY)):
        derive_class_anew(run=run)


def copy_sessions(
    sender: Any, *, plan: CopyPlan, run: CourseRun, by: User, at: datetime, **kwargs: Any
) -> None:
    """Plan the sessions of the copy; what refuses one of them refuses the copy."""
    create_series(run=run, plans=shifted_sessions(plan=plan), by=by, at=at)


def renew_calendars(sender: Any, *, run: CourseRun, fields: frozenset[str], **kwargs: Any) -> None:
    """Let calendars take the sessions anew where the class is called or held otherwise."""
    renew_entries(run=run, fields=fields)


def connect_receivers() -> None:
    """Listen to courses; called once, when the app is ready."""
    requirements_set.connect(derive_by_new_rules, dispatch_uid="attendance.derive_by_new_rules")
    run_cancelled.connect(hold_signed_class, dispatch_uid="attendance.hold_signed_class")
    run_cancelled.connect(judge_guests, dispatch_uid="attendance.judge_guests")
    run_changed.connect(renew_calendars, dispatch_uid="attendance.renew_calendars")
    run_copied.connect(copy_sessions, dispatch_uid="attendance.copy_sessions")
