"""A class that is held at another place is told once, to everybody who is to come there."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import ModelLogEntry

from attendance.domain.answering import trainers_of
from attendance.domain.calendar_entries import invited_to, with_event
from attendance.domain.hours.guests import guests_since
from attendance.domain.session_trainers import load_trainers
from attendance.domain.wording import describe_when_inside
from attendance.models import Session
from courses.domain.runs import MOVED_PLACE
from courses.enums import RunStatus
from courses.models import CourseRun, Enrolment
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
SETTLES: Final = timedelta(minutes=10)
# Later than this nobody is told any more: the pages say it.
KEPT: Final = timedelta(days=1)


@dataclass(frozen=True)
class _Move:
    """One change of the place of a class, read from its history."""

    pk: int
    at: datetime
    by_id: int | None
    was: str


class ClassMoved(ReminderKind):
    """Once for each person and change; two changes soon after each other are one.

    Sessions with a place of their own stay where they are: a class with none but such ones to come
    tells nobody.
    """

    key = "attendance.class_moved"
    label = gettext_lazy("Class held at another place")
    default_lead_minutes = 0
    placeholders = placeholder_labels("run", "was", "place", "session", "when", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        """Yield a reminder of the newest change for everybody concerned but who made it."""
        newest = {run_id: moves[-1] for run_id, moves in _moves_since(now - KEPT).items()}
        runs = _open_runs(newest, now)
        coming = _coming_sessions(runs, now)
        here = {one.pk: one.run_id for found in coming.values() for one in found if not one.place}
        people = _people_of(runs, here)
        for run_id in runs:
            if coming[run_id] and run_id not in here.values():
                continue
            move = newest[run_id]
            concerned = {pk for pk, since in people[run_id] if since is None or since <= move.at}
            for user_id in sorted(concerned - {move.by_id}):
                yield PlannedReminder(
                    unique_key=f"{self.key}:{move.pk}:{user_id}",
                    user_id=user_id,
                    due_at=move.at + SETTLES,
                    expires_at=move.at + KEPT,
                    payload={"run": run_id, "move": move.pk},
                )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        """Return what was when each person was last told, and what is now; nothing for whoever
        would hear of a change that is no more.
        """
        runs = _open_runs({reminder.payload["run"] for reminder in reminders}, now)
        moves, coming = _moves_since(now - 2 * KEPT), _coming_sessions(runs, now)
        entries = invited_to([one for rows in coming.values() for one in rows])
        told = _told_before(reminders)
        found = {}
        for reminder in reminders:
            run = runs.get(reminder.payload["run"])
            known = told.get((reminder.user_id, reminder.payload["run"]), 0)
            news = [one for one in moves.get(reminder.payload["run"], ()) if one.pk > known]
            is_newest = bool(news) and news[-1].pk == reminder.payload["move"]
            if run is not None and is_newest and news[0].was != run.place:
                here = [one for one in coming[run.pk] if not one.place]
                message = _message(run, news[0].was, here[:1], now)
                known_of = (one for one in here if reminder.user_id in entries[one.pk])
                # A mail has room for one entry; a later one is put right by its own reminder.
                session = next(known_of, None)
                if session is not None:
                    message = with_event(message, session, reminder, now)
                found[reminder.pk] = message
        return found


def _moves_since(moment: datetime) -> dict[int, list[_Move]]:
    """Return the moves by the id of the class, the first first; one query."""
    entries = ModelLogEntry.objects.filter(action=MOVED_PLACE, timestamp__gt=moment)
    found: dict[int, list[_Move]] = defaultdict(list)
    rows = entries.order_by("timestamp", "pk")
    for pk, run_id, at, by, data in rows.values_list(
        "pk", "object_id", "timestamp", "user", "data"
    ):
        found[int(run_id)].append(_Move(pk, at, by, data["before"]))
    return found


def _open_runs(run_ids: Collection[int], now: datetime) -> dict[int, CourseRun]:
    """Return those of these classes that are open and not over."""
    today = timezone.localdate(now)
    return CourseRun.objects.filter(status=RunStatus.OPEN, ends_on__gte=today).in_bulk(run_ids)


def _coming_sessions(run_ids: Collection[int], now: datetime) -> dict[int, list[Session]]:
    rows = Session.objects.taking_place().filter(run__in=run_ids, ends_at__gt=now)
    sessions = list(rows.select_related("run__unit", "module").order_by("starts_at"))
    load_trainers(sessions)
    found: dict[int, list[Session]] = defaultdict(list)
    for session in sessions:
        found[session.run_id].append(session)
    return found


def _people_of(
    run_ids: Collection[int], here: Mapping[int, int]
) -> dict[int, list[tuple[int, datetime | None]]]:
    """Return trainees, trainers and guests (of the sessions `here`) of each class, and since when
    they are; None for trainers.
    """
    people: dict[int, list[tuple[int, datetime | None]]] = defaultdict(list)
    rows = Enrolment.objects.counted().filter(run__in=run_ids)
    for run_id, user_id, since in rows.order_by().values_list("run", "user", "enrolled_at"):
        people[run_id].append((user_id, since))
    for run_id, user_ids in trainers_of(run_ids).items():
        people[run_id] += [(user_id, None) for user_id in user_ids]
    for session_id, guests in guests_since(here).items():
        people[here[session_id]] += guests
    return people


def _told_before(reminders: Sequence[Reminder]) -> dict[tuple[int, int], int]:
    """Return the last move that each person was told of each of these classes."""
    sent = Reminder.objects.filter(
        rule__kind=ClassMoved.key,
        state=ReminderState.SENT,
        user__in={reminder.user_id for reminder in reminders},
        payload__run__in={reminder.payload["run"] for reminder in reminders},
    )
    told: dict[tuple[int, int], int] = {}
    for user_id, payload in sent.values_list("user", "payload"):
        key = (user_id, payload["run"])
        told[key] = max(told.get(key, 0), payload["move"])
    return told


def _message(run: CourseRun, was: str, sessions: Sequence[Session], now: datetime) -> Message:
    values = {
        "run": run.title,
        "was": was,
        "place": run.place,
        "url": absolute_url(reverse("attendance:my_sessions")),
    }
    paragraphs = [
        _("The class “%(run)s” is held at another place."),
        _("Before: %(was)s\nNow: %(place)s"),
    ]
    for session in sessions:
        starts_at, ends_at = session.starts_at, session.ends_at
        when = describe_when_inside(starts_at=starts_at, ends_at=ends_at, now=now)
        values |= {"session": session.title, "when": when}
        paragraphs.append(_("Next session there: %(session)s, %(when)s"))
    paragraphs.append(_("All your sessions: %(url)s"))
    return Message(
        subject=_("Another place: %(run)s, now %(place)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )
