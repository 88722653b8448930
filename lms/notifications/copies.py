"""What becomes of reminders in a pseudonymised copy: they go, and are planned anew."""

from collections.abc import Iterator

from lms.accounts.extensions import CopyRule
from lms.notifications.models import DeliveryAttempt, Reminder, ReminderRule


def copies_in_notifications() -> Iterator[CopyRule]:
    yield CopyRule(DeliveryAttempt, removed=True)
    yield CopyRule(Reminder, removed=True)
    yield CopyRule(ReminderRule, kept=("kind",), why="A key.")
