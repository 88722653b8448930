"""The extension point of reminders: what a plug-in may remind people of.

Write a `ReminderKind` in the plug-in's `reminders.py` and register one instance of it in
`AppConfig.ready()`: `reminder_kinds.register(SessionTomorrow())`. The rule that turns the
kind on or off and sets its lead time is made by the next plan tick.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from lms.core.registry import Registry
from lms.messaging.extensions import CalendarPart
from lms.notifications.models import Reminder, ReminderRule


@dataclass(frozen=True)
class Subject:
    """What a reminder is about, in the words of the list: kept with the row, and no personal data.

    `run_id` is the number of the class, by which the list is narrowed.
    """

    run_id: int | None = None
    run: str = ""
    session: str = ""
    place: str = ""


@dataclass(frozen=True)
class PlannedReminder:
    """One message to one person about one thing.

    `unique_key` (at most 150 characters) names that thing and begins with the kind's key, as in
    "attendance.session_tomorrow:<enrolment>:<session>:<start>". What is planned twice under
    one key is sent once; put in whatever must lead to a new message when it changes (the
    session's start), and leave out what must not (the lead time).

    `payload` is stored as JSON: ids, and facts to compare with at sending. No name, no address.
    `expires_at` (not before `due_at`) is when it would come too late: it is then cancelled.
    """

    unique_key: str
    user_id: int
    due_at: datetime
    expires_at: datetime
    payload: dict[str, Any] = field(default_factory=dict)
    subject: Subject = Subject()


@dataclass(frozen=True)
class Message:
    """Plain text: a subject of one line, a body of one or two short paragraphs with a link.

    The greeting with the person's name and the signature are put round the body by the channel. In
    the site the notice leads to the first page of the suite that the body names.
    `calendar` is the event that it is about, for the ways that can carry one.
    """

    subject: str
    body: str
    calendar: CalendarPart | None = None


class ReminderKind(ABC):
    """One thing that people are reminded of."""

    #: "<app>.<name>", at most 50 characters; stored, so it never changes.
    key: str
    #: What staff call it in the list of rules.
    label: str | Promise
    #: Minutes between the reminder and its event, until staff set another lead time.
    default_lead_minutes: int

    @abstractmethod
    def plan(self, *, rule: ReminderRule, now: datetime) -> Iterable[PlannedReminder]:
        """Return everything that should be reminded of from `now` on,
        `rule.lead_minutes` before it.

        Asked every minute, outside a transaction; a constant number of queries. It names
        all that it would still send, those already planned too: a known key is planned once
        and, while it waits, moved to the `due_at` told now. What waits, is not yet due and is
        no longer named is taken back; it may be planned again. So what lies far ahead
        may be left out. What has `expires_at` behind it is passed over, and a `due_at` in the
        past is sent at the next tick. People without an address are named as well.
        """

    @abstractmethod
    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> Mapping[int, Message]:
        """Return what to say now, by reminder pk. Whoever is left out is no longer reminded.

        Asked at sending, with due reminders of this kind whose `user` is loaded: check
        again that each is wanted (the class not cancelled, the session not moved, the
        lesson not read meanwhile). A constant number of queries. Texts go through gettext;
        Vietnamese is active. An exception leaves the reminders as they are, to be tried again.
        """


reminder_kinds: Registry[ReminderKind] = Registry("reminder kinds")
