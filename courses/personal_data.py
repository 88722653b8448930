"""What courses say about people: what points at them, what is shown, how long, what is copied."""

from courses.copies import copies_in_courses
from courses.references import people_in_courses, records_in_courses
from courses.retention import retention_in_courses
from lms.accounts.extensions import (
    copy_rules,
    people_references,
    personal_records,
    retention_rules,
)


def register_personal_data() -> None:
    """Called once, when the app is ready."""
    for reference in people_in_courses():
        people_references.register(reference)
    for records in records_in_courses():
        personal_records.register(records)
    for rule in retention_in_courses():
        retention_rules.register(rule)
    for copied in copies_in_courses():
        copy_rules.register(copied)
