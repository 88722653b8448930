"""A rule is switched on and off by a person, who is noted."""

from typing import Final

from wagtail.log_actions import log

from lms.accounts.models import User
from lms.notifications.models import ReminderRule

SWITCH_ACTION: Final = "notifications.switch_rule"


def switch_rule(*, rule: ReminderRule, on: bool, by: User) -> bool:
    """Switch it, and log who did; return whether that changed anything.

    What is planned already waits while a rule is off, until it expires.
    """
    changed = ReminderRule.objects.filter(pk=rule.pk, enabled=not on).update(enabled=on)
    if changed:
        log(instance=rule, action=SWITCH_ACTION, user=by, data={"on": on})
    return bool(changed)
