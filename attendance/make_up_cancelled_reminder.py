"""Whoever was to make up in a class that was cancelled is told not to come, and where else to go."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, cast

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.calendar_entries import with_event
from attendance.domain.make_ups.offers import MissedSession, missed_sessions
from attendance.domain.make_ups.words import describe_offer
from attendance.domain.reminder_subjects import cannot_wait, subject_of
from attendance.domain.session_trainers import load_trainers
from attendance.domain.wording import describe_when
from attendance.models import MakeUp
from courses.enums import COUNTED_STATUSES, RunStatus
from lms.core.addresses import absolute_url
from lms.notifications.extensions import (
    AHEAD,
    Message,
    PlannedReminder,
    ReminderKind,
    placeholder_labels,
)
from lms.notifications.models import Reminder, ReminderRule

# Later than this nobody is told any more: the pages say it.
KEPT: Final = timedelta(days=2)


class MakeUpCancelled(ReminderKind):
    """Once for each make-up whose class was cancelled before its session was over.

    The class does not know its guests; a single session that is cancelled is told by `SessionChanged`.
    """

    key = "attendance.make_up_cancelled"
    label = gettext_lazy("Make-up session cancelled with its class")
    default_lead_minutes = 0
    placeholders = placeholder_labels("title", "run", "was", "reason", "offers", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        """Yield a reminder for everybody who was to come."""
        for make_up in _called_off().filter(session__run__cancelled_at__gt=now - KEPT):
            session = make_up.session
            at = cast("datetime", session.run.cancelled_at)
            yield PlannedReminder(
                unique_key=f"{self.key}:{make_up.pk}",
                user_id=make_up.enrolment.user_id,
                due_at=at,
                expires_at=at + KEPT,
                payload={"make_up": make_up.pk},
                subject=subject_of(session),
                urgent=cannot_wait(starts_at=session.starts_at, changed_at=at),
            )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        """Return what is still so: nothing for whoever has agreed on another session meanwhile."""
        make_ups = _called_off().in_bulk([one.payload["make_up"] for one in reminders])
        people = {one.enrolment_id: one.enrolment for one in make_ups.values()}
        missed = missed_sessions(enrolments=list(people.values()), at=now) if people else {}
        load_trainers([one.session for one in make_ups.values()])
        found = {}
        for one in reminders:
            make_up = make_ups.get(one.payload["make_up"])
            if make_up is not None:
                message = _message(make_up, missed.get(make_up.enrolment_id, []), now)
                found[one.pk] = with_event(message, make_up.session, one, now)
        return found


def _called_off() -> QuerySet[MakeUp]:
    """Return what was agreed in sessions that a cancelled class did not hold."""
    agreed = MakeUp.objects.agreed().filter(
        session__run__status=RunStatus.CANCELLED,
        session__cancelled_at__isnull=True,
        session__ends_at__gt=F("session__run__cancelled_at"),
        enrolment__status__in=COUNTED_STATUSES,
    )
    return agreed.select_related("enrolment__run", "session__run__unit", "session__module")


def _message(make_up: MakeUp, missed: Sequence[MissedSession], now: datetime) -> Message:
    session = make_up.session
    values = {
        "title": session.title,
        "run": session.run.title,
        "was": describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        "reason": session.run.cancel_reason,
        "offers": "\n".join(
            f"- {describe_offer(offer, now=now, missing=one.missing)}"
            for one in missed
            if one.session.pk == make_up.missed_session_id
            for offer in one.offers
        ),
        "url": absolute_url(reverse("attendance:my_sessions")),
    }
    paragraphs = [
        _("The class “%(run)s” in which you were to make up does not take place."),
        _("It was to be: %(title)s, %(was)s\nReason: %(reason)s"),
    ]
    if values["offers"]:
        paragraphs.append(_("You can make up here:\n%(offers)s"))
    paragraphs.append(_("Choose a session, or see whom to call: %(url)s"))
    return Message(
        subject=_("Make-up session cancelled: %(was)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )
