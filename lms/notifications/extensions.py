"""The extension point of reminders: what a plug-in may remind people of.

Write a `ReminderKind` in the plug-in's `reminders.py` and register one instance of it in
`AppConfig.ready()`: `reminder_kinds.register(SessionTomorrow())`. The rule that turns the
kind on or off and sets its lead time is made by the next plan tick.

By which classes a rule can be narrowed is told by `audience_parts`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, ClassVar, Final, Protocol

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import Role
from lms.accounts.models import RoleAssignment, User
from lms.accounts.models.people import know_scopes
from lms.accounts.models.scope import UnitScope
from lms.core.local_time import local_moment
from lms.core.registry import Registry
from lms.messaging.extensions import CalendarPart
from lms.notifications.models import Reminder, ReminderRule

#: How far ahead of its reminder an event is planned; what lies further ahead needs no row yet.
AHEAD: Final = timedelta(days=7)

MONDAY_MORNING: Final = time(8)
#: Figures of a Monday give way to the next.
NEWS_OF_MONDAY: Final = timedelta(days=4)

#: What a text of a rule may name, and what it stands for.
_LABELS: Final[Mapping[str, Promise]] = {
    "run": _("name of the class"),
    "title": _("name of the session"),
    "session": _("next session"),
    "when": _("date and time"),
    "where": _("place of the session"),
    "place": _("place of the class"),
    "was": _("how it was before"),
    "was_where": _("place before"),
    "rest": _("further sessions that hold the rest"),
    "reason": _("reason"),
    "day": _("the day"),
    "first": _("first day of the other class"),
    "instead": _("class that comes instead"),
    "missing": _("what is missing"),
    "offers": _("sessions in which it can be made up"),
    "people": _("people concerned"),
    "decision": _("what was decided"),
    "count": _("their number"),
    "empty": _("how many communes with nobody"),
    "behind": _("how many places behind their target"),
    "unit": _("unit"),
    "programme": _("programme"),
    "period": _("period"),
    "completed": _("how many have completed"),
    "share": _("share in percent"),
    "url": _("link"),
    "subject": _("subject that was written"),
    "text": _("text that was written"),
    "author": _("who has written"),
    "phone": _("phone number for answers"),
}


def placeholder_labels(*names: str) -> Mapping[str, Promise]:
    """Return what these placeholders stand for; a name that is not known stops the start."""
    return {name: _LABELS[name] for name in names}


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
    What is due at night or on a day off leaves at a better moment; `urgent` leaves at once.
    """

    unique_key: str
    user_id: int
    due_at: datetime
    expires_at: datetime
    payload: dict[str, Any] = field(default_factory=dict)
    subject: Subject = Subject()
    urgent: bool = False


@dataclass(frozen=True)
class Contact:
    """Somebody to call: `phone` in the international form, empty where none is known."""

    role: str
    name: str
    phone: str


@dataclass(frozen=True)
class Message:
    """Plain text: a subject of one line, a body of one or two short paragraphs with a link.

    The greeting with the person's name and the signature are put round the body by the channel. In
    the site the notice leads to the first page of the suite that the body names.
    `calendar` is the event that it is about, for the ways that can carry one.
    `short` is for SMS; empty: the name of the suite, the subject, and `where` one has to go. `values` are put for the
    placeholders of a text that a rule has of its own. `contacts` are whom to call about it: found
    at sending, no kind names them.
    """

    subject: str
    body: str
    calendar: CalendarPart | None = None
    short: str = ""
    where: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    contacts: Sequence[Contact] = ()


class ReminderKind(ABC):
    """One thing that people are reminded of."""

    #: "<app>.<name>", at most 50 characters; stored, so it never changes.
    key: str
    #: What staff call it in the list of rules.
    label: str | Promise
    #: Minutes between the reminder and its event, until staff set another lead time.
    default_lead_minutes: int
    #: Further rules that come with the kind, by a name that is stored: their minutes.
    further_leads: ClassVar[Mapping[str, int]] = {}
    #: Whether the minutes are counted from what happened on, and not back from what will.
    counts_after: ClassVar[bool] = False
    #: Whether its first rule is on from the start; the further ones never are.
    starts_enabled: ClassVar[bool] = True
    #: Whether nobody may keep it to the site: what changes, ends or asks for a duty.
    is_mandatory: ClassVar[bool] = True
    #: The roles that are told; empty: whoever it concerns.
    roles: ClassVar[Sequence[Role]] = ()
    #: What a text of a rule may name, with what it stands for; `Message.values` fills them.
    placeholders: ClassVar[Mapping[str, str | Promise]] = {}
    #: Which of them every text of a rule has to name; empty: none.
    must_name: ClassVar[str] = ""

    @abstractmethod
    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterable[PlannedReminder]:
        """Return everything that should be reminded of from `now` until `ahead` of it,
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
        lesson not read meanwhile). A constant number of queries. Texts go through gettext; the
        language of all these people is active. An exception leaves the reminders as they are, to be tried again.
        """


class EachMonday(ReminderKind):
    """Once for each active holder of one of the `roles` and each Monday. Comes switched off."""

    default_lead_minutes = 0
    starts_enabled = False
    counts_after = True

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        held = RoleAssignment.objects.filter(role__in=self.roles, user__is_active=True)
        readers = sorted(set(held.values_list("user", flat=True)))
        lead = timedelta(minutes=rule.lead_minutes)
        # The oldest that is news still: told some weeks later, it lies before the Monday of today.
        oldest = timezone.localdate(now - lead - NEWS_OF_MONDAY)
        monday = oldest - timedelta(days=oldest.weekday())
        while (due_at := local_moment(monday, MONDAY_MORNING) + lead) <= now + ahead:
            for user_id in readers if now < due_at + NEWS_OF_MONDAY else ():
                yield PlannedReminder(
                    unique_key=f"{self.key}:{user_id}:{monday.isoformat()}",
                    user_id=user_id,
                    due_at=due_at,
                    expires_at=due_at + NEWS_OF_MONDAY,
                )
            monday += timedelta(days=7)


def by_area(reminders: Sequence[Reminder]) -> Iterable[Sequence[Reminder]]:
    """Return them by the roles and units of their readers, who are told the same figures; one query."""
    know_scopes([one.user for one in reminders])
    found: dict[UnitScope, list[Reminder]] = {}
    for one in reminders:
        found.setdefault(one.user.scope, []).append(one)
    return found.values()


reminder_kinds: Registry[ReminderKind] = Registry("reminder kinds")


class AudiencePart(Protocol):
    """Something by which a rule is narrowed to classes: a programme, a course, a class."""

    @property
    def key(self) -> str:
        """Return the name under which a rule stores what was chosen."""

    @property
    def label(self) -> str | Promise:
        """Return what staff call it."""

    def choices(self, *, by: User) -> Sequence[tuple[int, str]]:
        """Return what this person may choose among."""

    def named(self, *, ids: Sequence[int]) -> Sequence[tuple[int, str]]:
        """Return those of these that there are, with their names, whoever may choose them."""

    def classes(self, *, ids: Sequence[int]) -> Iterable[int]:
        """Return the numbers of the classes that the chosen ones stand for."""


audience_parts: Registry[AudiencePart] = Registry("audience parts")


class ContactSource(Protocol):
    """Whom people may call about what they are reminded of."""

    @property
    def key(self) -> str: ...

    def contacts(self, *, reminders: Sequence[Reminder]) -> Mapping[int, Sequence[Contact]]:
        """Return whom to call, by reminder pk, as far as the person may see numbers. A constant
        number of queries.
        """


contact_sources: Registry[ContactSource] = Registry("contact sources")


def contacts_for(*, reminders: Sequence[Reminder]) -> Mapping[int, Sequence[Contact]]:
    """Return whom to call about each reminder that is about a class."""
    about_classes = [one for one in reminders if one.run_number is not None]
    found: dict[int, Sequence[Contact]] = {}
    for source in contact_sources if about_classes else ():
        found |= source.contacts(reminders=about_classes)
    return found
