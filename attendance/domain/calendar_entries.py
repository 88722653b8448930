"""Sessions that came into the calendar of a person by a mail: put there, put right, taken out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.urls import reverse

from attendance.domain.sessions.calendar import as_invitation
from attendance.models import Session
from lms.core.addresses import absolute_url
from lms.messaging.channels.mail import MailChannel
from lms.notifications.enums import ReminderState
from lms.notifications.extensions import Message
from lms.notifications.models import Reminder

#: The kinds that bring an entry, by their stored keys.
SESSION_TOMORROW: Final = "attendance.session_tomorrow"
SESSION_CHANGED: Final = "attendance.session_changed"


def invited_to(sessions: Iterable[Session]) -> dict[int, set[int]]:
    """Return who has been sent an entry of each of these sessions for the calendar."""
    sent = Reminder.objects.filter(
        rule__kind__in=(SESSION_TOMORROW, SESSION_CHANGED),
        state__in=(ReminderState.SENT, ReminderState.UNCERTAIN),
        way=MailChannel.key,
        payload__session__in=[one.pk for one in sessions],
    )
    found: dict[int, set[int]] = defaultdict(set)
    for user_id, payload in sent.values_list("user", "payload"):
        found[payload["session"]].add(user_id)
    return found


def with_event(
    message: Message,
    session: Session,
    reminder: Reminder,
    now: datetime,
    *,
    withdrawn: bool = False,
) -> Message:
    """Return the message with the session for the calendar of whoever reads it by e-mail; `withdrawn`:
    this person alone is no longer expected. Needs what `as_icalendar` needs.
    """
    if reminder.way != MailChannel.key or not reminder.user.email:
        return message
    url = absolute_url(reverse("attendance:my_sessions"))
    to = reminder.user.email
    event = as_invitation(session=session, to=to, url=url, at=now, withdrawn=withdrawn)
    return replace(message, calendar=event)
