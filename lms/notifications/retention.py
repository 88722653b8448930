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
        since=_("the day the reminder expired"),
        reason=_(
            "During this time it can be checked whether a message arrived. Message texts are not "
            "kept."
        ),
        action=RetentionAction.DELETED,
        days=365,
        due=lambda before: Reminder.objects.filter(expires_at__lt=before),
    )
