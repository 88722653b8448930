"""A kind of reminder asked by itself: whom it names, and what it would say."""

from datetime import datetime
from typing import Any

from django.utils import translation

from lms.accounts.models import User
from lms.notifications.domain.planning import plan_reminders
from lms.notifications.extensions import (
    AHEAD,
    Message,
    PlannedReminder,
    ReminderKind,
    reminder_kinds,
)
from lms.notifications.models import Reminder, ReminderRule


def planned(kind: ReminderKind, now: datetime, **rule: Any) -> list[PlannedReminder]:
    """What the kind names under its own lead time."""
    asked = ReminderRule(kind=kind.key, **{"lead_minutes": kind.default_lead_minutes} | rule)
    return list(kind.plan(rule=asked, now=now, ahead=AHEAD))


def said(kind: ReminderKind, items: list[PlannedReminder], now: datetime) -> dict[int, Message]:
    """What each person would read, by person; rows need not be kept for that."""
    people = User.objects.in_bulk({one.user_id for one in items})
    rows = {
        number: Reminder(
            pk=number, user=people[one.user_id], payload=one.payload, unique_key=one.unique_key
        )
        for number, one in enumerate(items, start=1)
    }
    with translation.override("vi"):
        messages = kind.messages(reminders=list(rows.values()), now=now)
    return {rows[pk].user_id: message for pk, message in messages.items()}


def rows_of(kind: ReminderKind | type[ReminderKind], now: datetime) -> list[Reminder]:
    """The rows of the kind, once all kinds are planned: people in the order in which they were made."""
    plan_reminders(now=now)
    rows = Reminder.objects.filter(rule__kind=kind.key).select_related("user", "rule")
    return list(rows.order_by("user_id", "pk"))


def messages_of(
    kind: ReminderKind | type[ReminderKind], rows: list[Reminder], now: datetime
) -> dict[int, Message]:
    """What each row would say, by its number."""
    with translation.override("vi"):
        return reminder_kinds.get(kind.key).messages(reminders=rows, now=now)
