"""What `manage.py check` finds before the first SMS would."""

import inspect
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

_ASKED: Final = frozenset({"to", "text", "key", "timeout"})


@register("suite")
def check_sms_gateway(**kwargs: Any) -> list[CheckMessage]:
    """Check that what SUITE_SMS_GATEWAY names is there and can be asked as it will be."""
    name = settings.SUITE_SMS_GATEWAY
    if not name:
        return []
    try:
        asked = inspect.signature(import_string(name).send).parameters
    except (ImportError, AttributeError) as error:
        return [_wrong(f"SUITE_SMS_GATEWAY cannot be used: {error}")]
    takes_all = any(one.kind is inspect.Parameter.VAR_KEYWORD for one in asked.values())
    missing = sorted(_ASKED - set(asked))
    if takes_all or not missing:
        return []
    return [_wrong(f"{name}.send does not take {', '.join(missing)}.")]


def _wrong(message: str) -> CheckMessage:
    hint = "lms/messaging/sms.py says what it must do; a class for 0.1.0: docs/upgrading.md."
    return Error(message, hint=hint, id="suite.E010")
