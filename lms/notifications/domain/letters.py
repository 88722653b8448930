"""How a reminder is put into a letter."""

import hashlib

from django.conf import settings
from django.template.loader import render_to_string

from lms.core.addresses import absolute_url
from lms.core.models import suite_name
from lms.messaging.extensions import Letter
from lms.messaging.keys import message_key
from lms.notifications.extensions import Message
from lms.notifications.models import Reminder


def reminder_key(reminder: Reminder) -> str:
    """Return the same key for every try at one reminder, so that a mailbox can tell a repeat."""
    digest = hashlib.sha256(reminder.unique_key.encode()).hexdigest()[:16]
    return message_key(f"reminder-{reminder.pk}-{digest}")


def write_letter(*, reminder: Reminder, message: Message, to: str) -> Letter:
    """Return the letter with greeting and signature; the short form has neither."""
    context = {
        "name": reminder.user.full_name,
        "body": message.body.strip(),
        "suite_name": suite_name(),
        "suite_url": absolute_url("/"),
        "demo": settings.SUITE_DEMO,
    }
    return Letter(
        to=to,
        key=reminder_key(reminder),
        subject=message.subject,
        text=render_to_string("notifications/reminder.txt", context).strip() + "\n",
        calendar=message.calendar,
        short=message.short or f"{suite_name()}: {message.subject}",
    )
