"""How long reminders are kept, and why."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import RetentionAction
from lms.accounts.extensions import RetentionRule
from lms.notifications.models import Reminder


def retention_in_notifications() -> Iterator[RetentionRule]:
    yield RetentionRule(
        key="reminders",
        what=_("Reminders, with the attempts to deliver them"),
        since=_("the day on which the reminder was of no use any more"),
        reason=_("For so long it can be found out whether a message arrived. Texts are not kept."),
        action=RetentionAction.DELETED,
        days=365,
        due=lambda before: Reminder.objects.filter(expires_at__lt=before),
    )
