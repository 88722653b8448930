"""How a reminder is put into a letter."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from lms.core.addresses import absolute_url
from lms.core.models import suite_name
from lms.messaging.extensions import Letter
from lms.messaging.keys import message_key
from lms.notifications.domain.preferences import optional_kinds, unsubscribe_token
from lms.notifications.domain.texts import in_short
from lms.notifications.extensions import Message
from lms.notifications.models import Reminder

ONE_CLICK: Final = "List-Unsubscribe=One-Click"


def reminder_key(reminder: Reminder) -> str:
    """Return the same key for every try at one reminder, so that a mailbox can tell a repeat.

    Nobody but who has the message knows it: with it one could say that it did not arrive.
    """
    digest = salted_hmac("notifications.reminder", reminder.unique_key, algorithm="sha256")
    return message_key(f"reminder-{reminder.pk}-{digest.hexdigest()[:16]}")


def write_letter(
    *, reminders: Sequence[Reminder], message: Message, to: str, is_short: bool = False
) -> Letter:
    """Return the one letter of these, with greeting and signature; the short form has neither.

    `is_short`: for a way that takes the short form, neither text nor HTML is made.
    """
    reminder = reminders[0]
    stop_url = "" if is_short else _stop_url(reminders)
    context = {
        "name": reminder.user.full_name,
        "subject": message.subject,
        "body": message.body.strip(),
        "contacts": message.contacts,
        "suite_name": suite_name(),
        "suite_url": absolute_url("/"),
        "stop_url": stop_url,
        "demo": settings.SUITE_DEMO,
        "language": get_language(),
    }
    # One click (RFC 8058): a POST stops it, following the link does not.
    stop = {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": ONE_CLICK}
    return Letter(
        to=to,
        key=reminder_key(reminder),
        subject=message.subject,
        text="" if is_short else _as_text(context),
        html="" if is_short else render_to_string("notifications/mail/reminder.html", context),
        headers=stop if stop_url else {},
        calendar=message.calendar,
        short=in_short(message),
        name=reminder.user.full_name,
        url=absolute_url(reverse("notices:list")),
        language=get_language() or settings.LANGUAGE_CODE,
    )


def _as_text(context: Mapping[str, object]) -> str:
    return render_to_string("notifications/reminder.txt", dict(context)).strip() + "\n"


def _stop_url(reminders: Sequence[Reminder]) -> str:
    """Return where those of these kinds are stopped that may be; nothing where all are mandatory."""
    told = {one.rule.kind for one in reminders}
    kinds = [kind.key for kind in optional_kinds() if kind.key in told]
    if not kinds:
        return ""
    token = unsubscribe_token(user_id=reminders[0].user_id, kinds=kinds)
    return absolute_url(reverse("notices:stop", args=[token]))
