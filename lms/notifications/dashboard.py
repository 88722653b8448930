"""On the front page of the Wagtail admin: reminders that did not arrive."""

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from lms.accounts.models import User
from lms.notifications.domain.pausing import current_pause
from lms.notifications.enums import UNDELIVERED_STATES
from lms.notifications.models import Reminder
from lms.notifications.permissions import REMINDER_ROLES
from lms.scoped_admin.dashboard import DashboardPanel


class UndeliveredReminders(DashboardPanel):
    """How many failed, how many perhaps arrived, and how many people have no address."""

    name = "reminders_undelivered"
    order = 160
    roles = REMINDER_ROLES
    template_name = "notifications/admin/undelivered.html"

    def context(self, user: User) -> dict[str, Any]:
        counts: dict[str, Any] = Reminder.objects.visible_to(user).aggregate(
            **{state.value: Count("pk", filter=Q(state=state)) for state in UNDELIVERED_STATES}
        )
        pause = current_pause(now=timezone.now())
        return {**counts, "any": any(counts.values()), "pause": pause}
