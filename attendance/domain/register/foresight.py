"""What would follow from marks that are not written yet: who completes, who no longer has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from attendance.domain.hours.deriving import settle_marks
from attendance.domain.hours.guests import find_guests
from attendance.domain.hours.rules import rules_of_held
from attendance.domain.roll.recording import RollEntry, lock_session, make_mark
from attendance.enums import MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord, Session
from courses.domain import completion
from courses.models import CourseRun
from lms.accounts.models import User


def complete_entries(entries: Sequence[RollEntry], *, session: Session) -> list[RollEntry]:
    """Return whole statements, as the roll writes them: what an entry leaves open stays as noted."""
    open_ids = [one.enrolment_id for one in entries if one.minutes_left_early is None]
    if not open_ids:
        return list(entries)
    noted = AttendanceRecord.objects.filter(session=session, enrolment__in=open_ids)
    early_of = dict(noted.values_list("enrolment", "mark__minutes_left_early"))
    return [one.completed(left_early=early_of.get(one.enrolment_id)) for one in entries]


@dataclass
class Foresight:
    """Enrolments that would complete, and those whose completion would be withdrawn."""

    completing: list[int] = field(default_factory=list)
    losing: list[int] = field(default_factory=list)


def foresee_marks(
    *,
    entries_of: Mapping[Session, Sequence[RollEntry]],
    by: User,
    at: datetime,
    method: MarkMethod,
) -> Foresight:
    """Return what would follow from these entries; nothing stays written and nobody is told.

    The marks are written in a savepoint that is rolled back, so that they are judged by the very
    rule. The entries are those that `record_roll_call` would take; a constant number of queries for
    each session and each class.
    """
    found = Foresight()
    people_of: dict[CourseRun, set[int]] = {}
    with transaction.atomic():
        for session in sorted(entries_of, key=lambda one: one.pk):
            held = lock_session(session)
            marks = [
                make_mark(one, session=held, by=by, at=at, device="", method=method)
                for one in complete_entries(entries_of[session], session=held)
            ]
            stored = AttendanceMark.objects.bulk_create(marks)
            guests = find_guests([held])
            settle_marks(marks=stored, session=held, rules=rules_of_held(held), guests=guests)
            own = CourseRun.objects.in_bulk(guests.values()) if guests else {}
            for mark in stored:
                run = own.get(guests.get(mark.enrolment_id, held.run_id), held.run)
                people_of.setdefault(run, set()).add(mark.enrolment_id)
        for run, people in people_of.items():
            effect = completion.pending_changes(run=run, enrolment_ids=people)
            found.completing += effect.completing
            found.losing += effect.losing
        transaction.set_rollback(True)
    return found
