"""What `manage.py check` says about the periods in the settings."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from lms.accounts.extensions import retention_rules


@register("suite")
def check_retention_days(**kwargs: Any) -> list[CheckMessage]:
    """Check that every period belongs to one rule that may be changed,
    and is no negative number.
    """
    messages: list[CheckMessage] = []
    rules = retention_rules()
    for key, number in Counter(rule.key for rule in rules).items():
        if number > 1:
            told = f"Two retention rules have the key “{key}”."
            messages.append(Error(told, id="suite.E009"))
    free = [rule.key for rule in rules if rule.days is not None and not rule.is_fixed]
    for key, days in settings.SUITE_RETENTION_DAYS.items():
        if key not in free:
            hint = f"These can be set: {', '.join(free)}."
            told = f"SUITE_RETENTION_DAYS: “{key}” is no period that can be set."
            messages.append(Error(told, hint=hint, id="suite.E006"))
        elif days < 0:
            messages.append(
                Error(f"SUITE_RETENTION_DAYS: “{key}” is less than no day.", id="suite.E007")
            )
    return messages
