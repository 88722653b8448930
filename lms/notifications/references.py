"""What points at a person in notifications: the reminders follow."""

from collections.abc import Iterator

from lms.accounts.extensions import PeopleReference
from lms.notifications.models import Reminder


def people_in_notifications() -> Iterator[PeopleReference]:
    yield PeopleReference(model=Reminder, field="user", follows=True)
