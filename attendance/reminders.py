"""What attendance reminds of: the session one is expected at."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.wording import describe_when
from attendance.models import Session
from courses.enums import COUNTED_STATUSES, RunStatus
from courses.models import Enrolment
from lms.notifications.extensions import Message, PlannedReminder, ReminderKind, absolute_url
from lms.notifications.models import Reminder, ReminderRule

# Sessions that begin later than this after their reminder need no row yet.
AHEAD = timedelta(days=7)


class SessionTomorrow(ReminderKind):
    """Once for each enrolment, session and hour; a session that is moved reminds anew."""

    key = "attendance.session_tomorrow"
    label = gettext_lazy("Upcoming session, one day before")
    default_lead_minutes = 24 * 60

    def plan(self, *, rule: ReminderRule, now: datetime) -> Iterator[PlannedReminder]:
        """Yield a reminder for everybody who counts in an open class with a session to come."""
        lead = timedelta(minutes=rule.lead_minutes)
        rows = Enrolment.objects.filter(
            status__in=COUNTED_STATUSES,
            run__status=RunStatus.OPEN,
            run__sessions__starts_at__gt=now,
            run__sessions__starts_at__lte=now + lead + AHEAD,
        ).values_list("pk", "user_id", "run__sessions", "run__sessions__starts_at")
        for enrolment_id, user_id, session_id, starts_at in rows:
            start = starts_at.isoformat()
            yield PlannedReminder(
                unique_key=f"{self.key}:{enrolment_id}:{session_id}:{start}",
                user_id=user_id,
                due_at=starts_at - lead,
                expires_at=starts_at,
                payload={"enrolment": enrolment_id, "session": session_id, "starts_at": start},
            )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        """Return messages for those who still count, of sessions
        that still begin at the hour that was planned.
        """
        runs = _runs_of(reminder.payload["enrolment"] for reminder in reminders)
        sessions = (
            Session.objects.filter(run__status=RunStatus.OPEN, starts_at__gt=now)
            .select_related("run")
            .in_bulk([reminder.payload["session"] for reminder in reminders])
        )
        found = {}
        for reminder in reminders:
            session = sessions.get(reminder.payload["session"])
            if (
                session is not None
                and runs.get(reminder.payload["enrolment"]) == session.run_id
                and session.starts_at == datetime.fromisoformat(reminder.payload["starts_at"])
            ):
                found[reminder.pk] = _message(session, now)
        return found


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
    )
