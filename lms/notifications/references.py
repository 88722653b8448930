"""What points at a person in notifications: the reminders follow."""

from collections.abc import Iterator

from lms.accounts.extensions import PeopleReference, PersonalRecords
from lms.notifications.models import DeliveryAttempt, Reminder


def people_in_notifications() -> Iterator[PeopleReference]:
    yield PeopleReference(model=Reminder, field="user", follows=True)


def records_in_notifications() -> Iterator[PersonalRecords]:
    yield PersonalRecords(Reminder, "user", ("rule", "due_at", "state", "state_since"))
    fields = ("reminder.rule", "channel", "started_at", "finished_at", "outcome")
    yield PersonalRecords(DeliveryAttempt, "reminder__user", fields)
