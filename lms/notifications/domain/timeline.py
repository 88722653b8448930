"""What one person was told, when, by which way, and what came of it: as far as a reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from lms.accounts.models import User
from lms.notifications.models import DeadAddress, DeliveryAttempt, Reminder, ReminderQuerySet


@dataclass(frozen=True)
class TimelineLine:
    """One message: where it stands, each try in its order, and when it was read in the site."""

    reminder: Reminder
    attempts: Sequence[DeliveryAttempt]
    read_at: datetime | None


def messages_to(*, person: User, reader: User) -> ReminderQuerySet:
    """Return the messages to this person, the newest first; none where the reader may see none."""
    rows = Reminder.objects.visible_to(reader).filter(user=person)
    tries = DeliveryAttempt.objects.select_related("caller").order_by("pk")
    return (
        rows.select_related("rule", "notice")
        .prefetch_related(Prefetch("deliveries", tries, to_attr="tries"))
        .order_by("-due_at", "-pk")
    )


def timeline(reminders: Sequence[Reminder]) -> list[TimelineLine]:
    """Return a line for each of these rows of `messages_to`; no query."""
    lines = []
    for row in reminders:
        notice = getattr(row, "notice", None)
        lines.append(TimelineLine(row, row.__dict__["tries"], notice.read_at if notice else None))
    return lines


def dead_addresses_of(*, person: User, reader: User) -> Sequence[DeadAddress]:
    """Return which of the addresses that the person has do not work, as far as is known."""
    rows = DeadAddress.objects.visible_to(reader).current().filter(user=person)
    return list(rows.select_related("user").order_by("way"))
