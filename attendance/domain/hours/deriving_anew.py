"""The records of a class by rules that have changed."""

from attendance.domain.hours.deriving import derive_record, store_records
from attendance.domain.hours.rules import rules_of
from attendance.models import AttendanceRecord, Session
from courses.models import CourseRun


def derive_class_anew(*, run: CourseRun) -> None:
    """Derive the records of everybody enrolled in a class by its rules in force; four queries.

    Completion is for the caller to decide, who holds the transaction. The sessions are locked, so
    that a roll that is being taken is settled by the same rules.
    """
    held = Session.objects.select_for_update(no_key=True).filter(run=run)
    list(held.order_by("pk").values_list("pk"))
    rules = rules_of(run)
    records = AttendanceRecord.objects.filter(enrolment__run=run)
    store_records(
        derive_record(mark=record.mark, session_minutes=record.session.minutes, rules=rules)
        for record in records.select_related("mark", "session")
    )
