"""From marks to settled records: the one place where minutes are worked out."""

from collections.abc import Iterable, Mapping

from attendance.domain.hours.guests import guest_rules
from attendance.domain.hours.rules import AttendanceRules
from attendance.enums import PRESENT_STATUSES, AttendanceStatus
from attendance.models import AttendanceMark, AttendanceRecord, Session


def derive_record(
    *, mark: AttendanceMark, session_minutes: int, rules: AttendanceRules
) -> AttendanceRecord:
    """Return the record, not yet saved, that follows from the last mark of a person in a session.

    Pure. `session_minutes` are those of the session without its breaks; `rules` are those of the
    class in which the person is enrolled, whoever held the session. The rules, in this order:

    1. Who is absent or excused attended nothing. Where the class waives the hours of the excused,
       all minutes of the session are `minutes_waived`.
    2. Who came late by at most the minutes of grace was there from the beginning; who came later
       lacks all minutes of it, those of grace too.
    3. Minutes late and minutes left early are taken off together, whenever the breaks were.
    4. What is left is rounded down to full units; who lacks nothing has the whole session, also
       where that is no multiple.
    5. Minutes are never below 0 nor above `session_minutes`.
    """
    is_waived = rules.excuse_waives_hours and mark.status == AttendanceStatus.EXCUSED
    return AttendanceRecord(
        session_id=mark.session_id,
        enrolment_id=mark.enrolment_id,
        # By its id alone: the object would cost more than the rest.
        mark_id=mark.pk,
        status=mark.status,
        minutes=_minutes(mark, session_minutes, rules),
        minutes_waived=session_minutes if is_waived else 0,
    )


def settle_marks(
    *,
    marks: Iterable[AttendanceMark],
    session: Session,
    rules: AttendanceRules,
    guests: Mapping[int, int],
) -> None:
    """Settle what follows from these marks of one session, in the place of what was before.

    `rules`: of the class that holds the session. `guests` (`find_guests`) are settled by those of
    their own class.
    """
    of_guests = guest_rules(guests)
    store_records(
        derive_record(
            mark=mark,
            session_minutes=session.minutes,
            rules=of_guests.get(mark.enrolment_id, rules),
        )
        for mark in marks
    )


def store_records(records: Iterable[AttendanceRecord]) -> None:
    """Put these in the place of whatever was settled before, in one statement."""
    AttendanceRecord.objects.bulk_create(
        records,
        update_conflicts=True,
        unique_fields=["session", "enrolment"],
        update_fields=["mark", "status", "minutes", "minutes_waived"],
    )


def _minutes(mark: AttendanceMark, session_minutes: int, rules: AttendanceRules) -> int:
    if mark.status not in PRESENT_STATUSES:
        return 0
    late = mark.minutes_late if mark.minutes_late > rules.grace_minutes else 0
    missed = late + mark.minutes_left_early
    if not missed:
        return session_minutes
    attended = max(session_minutes - missed, 0)
    return attended - attended % rules.rounding
