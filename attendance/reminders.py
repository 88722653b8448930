"""What attendance reminds of: the session one is expected at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from types import MappingProxyType
from typing import cast

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.calendar_entries import (
    SESSION_CHANGED,
    SESSION_TOMORROW,
    invited_to,
    with_event,
)
from attendance.domain.hours.guests import expected_guests, guest_pairs, guests_since
from attendance.domain.own_sessions import where_of
from attendance.domain.reminder_subjects import cannot_wait, subject_of
from attendance.domain.session_trainers import load_trainers, trainers_of
from attendance.domain.sessions.calendar import is_off
from attendance.domain.sessions.changes import SessionChange, changes_since, stands_as_before
from attendance.domain.sessions.scheduling import said_of
from attendance.domain.wording import describe_when, describe_when_inside
from attendance.models import Session
from courses.enums import COUNTED_STATUSES, RunStatus
from courses.models import Enrolment
from lms.core.addresses import absolute_url
from lms.notifications.enums import ReminderState
from lms.notifications.extensions import (
    AHEAD,
    Message,
    PlannedReminder,
    ReminderKind,
    placeholder_labels,
)
from lms.notifications.models import Reminder, ReminderRule

# A second change within this time is told together with the first.
SETTLES = timedelta(minutes=10)
# Later than this nobody is told any more: the pages say it.
KEPT = timedelta(days=1)


class SessionTomorrow(ReminderKind):
    """Once for each enrolment, session and hour; a session that is moved reminds anew."""

    key = SESSION_TOMORROW
    is_mandatory = False
    label = gettext_lazy("Upcoming session")
    default_lead_minutes = 24 * 60
    further_leads = MappingProxyType({"three_days": 3 * 24 * 60})
    placeholders = placeholder_labels("title", "run", "when", "where", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        """Yield a reminder for everybody who counts in an open class with a session to come, and
        for who makes up for another in it.
        """
        lead = timedelta(minutes=rule.lead_minutes)
        taking_place = Session.objects.taking_place().filter(
            run__status=RunStatus.OPEN, starts_at__gt=now, starts_at__lte=now + lead + ahead
        )
        sessions = taking_place.select_related("run").in_bulk()
        rows = Enrolment.objects.filter(
            status__in=COUNTED_STATUSES, run__sessions__in=sessions
        ).values_list("pk", "user_id", "run__sessions", "run__sessions__starts_at")
        # People by the thousand: there may be half a million of them, and few sessions.
        expected = (rows.iterator(chunk_size=1000), expected_guests(sessions))
        for enrolment_id, user_id, session_id, starts_at in chain.from_iterable(expected):
            start = starts_at.isoformat()
            yield PlannedReminder(
                unique_key=f"{self.key}:{enrolment_id}:{session_id}:{start}",
                user_id=user_id,
                due_at=starts_at - lead,
                expires_at=starts_at,
                payload={"enrolment": enrolment_id, "session": session_id, "starts_at": start},
                subject=subject_of(sessions[session_id]),
            )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        """Return messages for those who still count, of sessions
        that still begin at the hour that was planned.
        """
        runs = _runs_of(reminder.payload["enrolment"] for reminder in reminders)
        sessions = (
            Session.objects.taking_place()
            .filter(run__status=RunStatus.OPEN, starts_at__gt=now)
            .select_related("run__unit", "module")
            .in_bulk([reminder.payload["session"] for reminder in reminders])
        )
        load_trainers(sessions.values())
        guests = guest_pairs(sessions)
        found = {}
        for reminder in reminders:
            session = sessions.get(reminder.payload["session"])
            enrolment = reminder.payload["enrolment"]
            if (
                session is not None
                and (
                    runs.get(enrolment) == session.run_id
                    or (enrolment in runs and (enrolment, session.pk) in guests)
                )
                and session.starts_at == datetime.fromisoformat(reminder.payload["starts_at"])
            ):
                message = _message(session, now)
                found[reminder.pk] = with_event(message, session, reminder, now)
        return found


class SessionChanged(ReminderKind):
    """Once for each person and change of a session; two changes soon after each other are one."""

    key = SESSION_CHANGED
    label = gettext_lazy("Session moved or cancelled")
    default_lead_minutes = 0
    placeholders = placeholder_labels(
        "title", "run", "was", "was_where", "when", "where", "reason", "rest", "url"
    )

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        """Yield a reminder of the newest change for everybody concerned but who made it.

        An older one that still waits is no longer named: the newest tells all.
        """
        newest = {pk: found[-1] for pk, found in changes_since(now - KEPT).items()}
        rows = Session.objects.filter(pk__in=newest, run__status=RunStatus.OPEN)
        sessions = list(rows.select_related("run"))
        load_trainers(sessions)
        people = _trainees_of({session.run_id for session in sessions})
        guests = guests_since(newest)
        for session in sessions:
            change = newest[session.pk]
            if max(change.starts_at, session.starts_at) <= change.at:
                continue
            concerned = {one.pk for one in trainers_of(session=session)}
            expected = [*people[session.run_id], *guests.get(session.pk, ())]
            concerned |= {pk for pk, since in expected if since <= change.at}
            for user_id in sorted(concerned - {change.by_id}):
                yield PlannedReminder(
                    unique_key=f"{self.key}:{session.pk}:{change.revision}:{user_id}",
                    user_id=user_id,
                    due_at=change.at + SETTLES,
                    expires_at=change.at + KEPT,
                    payload={"session": session.pk, "revision": change.revision},
                    subject=subject_of(session),
                    urgent=cannot_wait(
                        starts_at=min(change.starts_at, session.starts_at), changed_at=change.at
                    ),
                )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        """Return what was when each person was last told, and what is now; nothing for whoever
        would hear of a change that is no more.
        """
        ids = {reminder.payload["session"] for reminder in reminders}
        rows = Session.objects.filter(run__status=RunStatus.OPEN)
        rows = rows.select_related("run__unit", "module")
        changes = changes_since(now - 2 * KEPT, session_ids=ids)
        others = {one.other_id for found in changes.values() for one in found if one.other_id}
        sessions = rows.in_bulk(ids | others)
        load_trainers(sessions.values())
        told = _told_before(reminders)
        found = {}
        for reminder in reminders:
            pk, revision = reminder.payload["session"], reminder.payload["revision"]
            session = sessions.get(pk)
            known = told.get((reminder.user_id, pk), 0)
            news = [one for one in changes.get(pk, ()) if one.revision > known]
            rest = [sessions[one.other_id] for one in news if one.other_id in sessions]
            rest = [one for one in rest if one.cancelled_at is None]
            if (
                session is not None
                and news
                # Another name of the session raises its revision as well, and is not told.
                and news[-1].revision == revision
                and (rest or not stands_as_before(session, news[0]))
            ):
                message = _change_message(session, news[0], rest, now)
                found[reminder.pk] = with_event(message, session, reminder, now)
        return found


class SessionOfCancelledClass(ReminderKind):
    """Once for each person and session that a cancelled class does not hold: to everybody where it was
    to begin soon, and to whoever has an entry of it from a mail, which is taken out again.

    That the class is cancelled is told by `courses`, which knows no session and waits for the morning.
    """

    key = "attendance.session_of_cancelled_class"
    label = gettext_lazy("Coming session of a class that was cancelled")
    default_lead_minutes = 0
    placeholders = SessionChanged.placeholders

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        """Yield a reminder for everybody concerned; one query while no class was cancelled of late."""
        of_late = _called_off().filter(run__cancelled_at__gt=now - KEPT)
        sessions = list(of_late.select_related("run").order_by("pk"))
        if not sessions:
            return
        load_trainers(sessions)
        people, invited = _trainees_of({one.run_id for one in sessions}), invited_to(sessions)
        for session in sessions:
            at = cast("datetime", session.run.cancelled_at)
            is_soon = cannot_wait(starts_at=session.starts_at, changed_at=at)
            told = set(invited[session.pk])
            if is_soon:
                told |= {pk for pk, _since in people[session.run_id]}
                told |= {one.pk for one in trainers_of(session=session)}
            for user_id in sorted(told):
                yield PlannedReminder(
                    unique_key=f"{self.key}:{session.pk}:{user_id}",
                    user_id=user_id,
                    due_at=at,
                    expires_at=session.ends_at,
                    payload={"session": session.pk},
                    subject=subject_of(session),
                    urgent=is_soon,
                )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        """Return what was to be, while it is not over."""
        rows = _called_off().filter(ends_at__gt=now).select_related("run__unit", "module")
        sessions = rows.in_bulk({one.payload["session"] for one in reminders})
        load_trainers(sessions.values())
        found = {}
        for one in reminders:
            session = sessions.get(one.payload["session"])
            if session is not None:
                before = said_of(session, frozenset())
                as_it_was = SessionChange(session.pk, session.revision, now, None, before)
                message = _change_message(session, as_it_was, (), now)
                found[one.pk] = with_event(message, session, one, now)
        return found


def _called_off() -> QuerySet[Session]:
    """Return sessions that a cancelled class does not hold, but those that were cancelled before."""
    return Session.objects.filter(
        cancelled_at=None,
        run__status=RunStatus.CANCELLED,
        starts_at__gt=F("run__cancelled_at"),
    )


def _trainees_of(run_ids: Iterable[int]) -> dict[int, list[tuple[int, datetime]]]:
    """Return who counts in each of these classes, and since when."""
    rows = Enrolment.objects.counted().filter(run__in=run_ids)
    people: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for run_id, user_id, since in rows.values_list("run", "user", "enrolled_at"):
        people[run_id].append((user_id, since))
    return people


def _told_before(reminders: Sequence[Reminder]) -> dict[tuple[int, int], int]:
    """Return the last revision that each person was told of each of these sessions."""
    sent = Reminder.objects.filter(
        rule__kind=SessionChanged.key,
        state=ReminderState.SENT,
        user__in={reminder.user_id for reminder in reminders},
        payload__session__in={reminder.payload["session"] for reminder in reminders},
    )
    told: dict[tuple[int, int], int] = {}
    for user_id, payload in sent.values_list("user", "payload"):
        key = (user_id, payload["session"])
        told[key] = max(told.get(key, 0), payload["revision"])
    return told


def _change_message(
    session: Session, change: SessionChange, rest: Sequence[Session], now: datetime
) -> Message:
    """Say what was and what is; `rest` are the sessions that hold the rest of one that was split."""
    before = change.before
    was = describe_when_inside(
        starts_at=change.starts_at, ends_at=datetime.fromisoformat(before["ends_at"]), now=now
    )
    values = {
        "title": session.title,
        "run": session.run.title,
        "was": was,
        "was_where": where_of(before) or session.run.place,
        "when": describe_when_inside(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        "where": session.where,
        "reason": session.cancel_reason or session.run.cancel_reason,
        "rest": "; ".join(_said(one, now) for one in rest),
        "url": absolute_url(reverse("attendance:my_sessions")),
    }
    if is_off(session):
        subject = _("Cancelled: %(title)s, %(was)s")
        news = _("The session “%(title)s” of the class “%(run)s” does not take place.")
        details = _("It was to be: %(was)s, %(was_where)s\nReason: %(reason)s")
    elif rest:
        subject = _("Split: %(title)s, now %(when)s")
        news = _("The session “%(title)s” of the class “%(run)s” has been split.")
        details = _("Before: %(was)s, %(was_where)s\nNow: %(when)s, %(where)s\nAnd: %(rest)s")
    else:
        subject = _("Moved: %(title)s, now %(when)s")
        news = _("The session “%(title)s” of the class “%(run)s” has been moved.")
        details = _("Before: %(was)s, %(was_where)s\nNow: %(when)s, %(where)s")
    paragraphs = (news, details, _("All your sessions: %(url)s"))
    return Message(
        subject=subject % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        where="" if is_off(session) else session.where,
        values=values,
    )


def _said(session: Session, now: datetime) -> str:
    when = describe_when_inside(starts_at=session.starts_at, ends_at=session.ends_at, now=now)
    return f"{session.title}, {when}, {session.where}"


def _runs_of(enrolment_ids: Iterable[int]) -> dict[int, int]:
    """Return the class of each of these enrolments that still counts."""
    counted = Enrolment.objects.filter(pk__in=enrolment_ids, status__in=COUNTED_STATUSES)
    return dict(counted.values_list("pk", "run_id"))


def _message(session: Session, now: datetime) -> Message:
    values = {
        "title": session.title,
        "run": session.run.title,
        "when": describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        "where": session.where,
        "url": absolute_url(reverse("attendance:calendar", args=[session.pk])),
    }
    paragraphs = (
        _("You are expected at the session “%(title)s” of the class “%(run)s”."),
        _("When: %(when)s\nWhere: %(where)s"),
        _("Add it to your calendar: %(url)s"),
    )
    return Message(
        subject=_("%(when)s: %(title)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        where=session.where,
        values=values,
    )
