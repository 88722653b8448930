"""The one rule by which all announcements go: its ways, its words, and whether it is on."""

from django.utils.translation import gettext as _

from lms.announcements.enums import KIND
from lms.core.refusal import Refusal
from lms.notifications.models import ReminderRule


def rule_of_announcements() -> ReminderRule | None:
    """Return the rule that came with the kind; None before the first tick has made it."""
    return ReminderRule.objects.filter(kind=KIND).order_by("pk").first()


def require_switched_on() -> None:
    """Raise Refusal `switched_off` where nothing that is written would leave."""
    rule = rule_of_announcements()
    if rule is not None and not rule.enabled:
        raise Refusal(
            "switched_off",
            _(
                "An administrator has switched announcements off, so nothing would go out. Ask the "
                "administrator."
            ),
        )
