"""The kind of reminder by which announcements walk to people."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from lms.announcements.domain.wording import message_of
from lms.announcements.enums import KIND
from lms.announcements.models import Announcement
from lms.notifications.extensions import Message, PlannedReminder, ReminderKind, placeholder_labels
from lms.notifications.models import Reminder, ReminderRule


class WrittenByHand(ReminderKind):
    """Planned by `announcements.domain.publishing` when it goes out, never by the tick."""

    key = KIND
    label = gettext_lazy("Announcement or reminder sent by a person")
    default_lead_minutes = 0
    placeholders = placeholder_labels("subject", "text", "author", "phone")
    must_name = "text"

    def plan(
        self, *, rule: ReminderRule, now: datetime, **_kwargs: Any
    ) -> Iterable[PlannedReminder]:
        return ()

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        """Return what was written, unless it was withdrawn meanwhile."""
        ids = {one.payload["announcement"] for one in reminders}
        rows = Announcement.objects.filter(withdrawn_at=None).select_related("author")
        found = {pk: message_of(row) for pk, row in rows.in_bulk(ids).items()}
        return {
            one.pk: found[one.payload["announcement"]]
            for one in reminders
            if one.payload["announcement"] in found
        }
