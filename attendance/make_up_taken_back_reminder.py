"""Whoever was to make up in a session and no longer is: told not to come, and taken out of the calendar."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, cast

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.calendar_entries import invited_to, with_event
from attendance.domain.reminder_subjects import cannot_wait, subject_of
from attendance.domain.session_trainers import load_trainers
from attendance.domain.wording import describe_when
from attendance.models import MakeUp
from courses.enums import RunStatus
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


class MakeUpTakenBack(ReminderKind):
    """Once for each make-up that is taken back before its session is over: to whoever did not do it
    alone, and to whoever has an entry of the session from a mail, which is taken out again.

    A session cancelled before, or a class, is told by other kinds; moot once it is agreed again.
    """

    key = "attendance.make_up_taken_back"
    label = gettext_lazy("Make-up session taken back")
    default_lead_minutes = 0
    placeholders = placeholder_labels("title", "run", "was", "reason", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        """Yield a reminder for each of them; one query while none was taken back of late."""
        make_ups = list(_taken_back().filter(taken_back_at__gt=now - KEPT))
        entries = invited_to([one.session for one in make_ups]) if make_ups else {}
        for make_up in make_ups:
            session, user_id = make_up.session, make_up.enrolment.user_id
            if make_up.taken_back_by_id == user_id and user_id not in entries.get(session.pk, ()):
                continue
            at = cast("datetime", make_up.taken_back_at)
            yield PlannedReminder(
                unique_key=f"{self.key}:{make_up.pk}",
                user_id=user_id,
                due_at=at,
                expires_at=session.ends_at,
                payload={"make_up": make_up.pk},
                subject=subject_of(session),
                urgent=cannot_wait(starts_at=session.starts_at, changed_at=at),
            )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        """Return what is still so, while the session is not over."""
        rows = _taken_back().filter(session__ends_at__gt=now)
        make_ups = rows.in_bulk([one.payload["make_up"] for one in reminders])
        load_trainers([one.session for one in make_ups.values()])
        return {
            one.pk: with_event(_message(make_up, now), make_up.session, one, now, withdrawn=True)
            for one in reminders
            if (make_up := make_ups.get(one.payload["make_up"])) is not None
        }


def _taken_back() -> QuerySet[MakeUp]:
    """Return those whose session was to take place without the person; where it is cancelled later,
    nobody else tells the former guest.
    """
    agreed_again = MakeUp.objects.agreed().filter(
        session=OuterRef("session"), enrolment__user=OuterRef("enrolment__user")
    )
    stood = Q(session__cancelled_at=None) | Q(session__cancelled_at__gt=F("taken_back_at"))
    rows = MakeUp.objects.filter(
        ~Exists(agreed_again),
        stood,
        taken_back_at__isnull=False,
        session__run__status=RunStatus.OPEN,
        session__ends_at__gt=F("taken_back_at"),
    )
    return rows.select_related("enrolment", "session__run__unit", "session__module")


def _message(make_up: MakeUp, now: datetime) -> Message:
    session = make_up.session
    values = {
        "title": session.title,
        "run": session.run.title,
        "was": describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        "reason": make_up.reason,
        "url": absolute_url(reverse("attendance:my_sessions")),
    }
    paragraphs = (
        _("You were to make up in the class “%(run)s”; that was taken back: please do not come."),
        _("It was to be: %(title)s, %(was)s\nReason: %(reason)s"),
        _("Choose a session, or see whom to call: %(url)s"),
    )
    return Message(
        subject=_("Make-up session taken back: %(was)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )
