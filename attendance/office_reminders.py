"""What attendance tells of decisions: that one waits in the office, and what was decided."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from attendance.domain.answering import confirmers_of, excuses_by_decider
from attendance.domain.excuses.rules import describe_decision, with_rules
from attendance.domain.hours.rules import read_rules
from attendance.domain.reminder_subjects import subject_of
from attendance.domain.sessions.pending import SIGNED_WITHIN
from attendance.domain.wording import describe_when_inside
from attendance.models import Excuse, RunSignOff
from courses.enums import COUNTED_STATUSES
from lms.core.addresses import absolute_url
from lms.core.display import vi_date
from lms.core.local_time import local_moment
from lms.notifications.extensions import (
    AHEAD,
    Message,
    PlannedReminder,
    ReminderKind,
    Subject,
    placeholder_labels,
)
from lms.notifications.models import Reminder, ReminderRule

# The hour of the last day for a decision from which the lead time is counted back.
MORNING: Final = time(8)
# Later than this nobody is told any more what was decided: the calendar says it.
STILL_NEWS: Final = timedelta(days=2)
# A Monday's reminder that could not be sent by then gives way to the next.
OVERDUE_IS_NEWS: Final = timedelta(days=4)


class ExcuseDecided(ReminderKind):
    """Once for each request: what was decided, and what that means for the hours."""

    key = "attendance.excuse_decided"
    label = gettext_lazy("Request to be excused decided")
    default_lead_minutes = 0
    placeholders = placeholder_labels("title", "run", "when", "decision", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        """Yield a reminder for whoever asked."""
        rows = _decided().filter(decided_at__gt=now - STILL_NEWS)
        for one in rows.select_related("enrolment", "session__run"):
            at = cast("datetime", one.decided_at)
            yield PlannedReminder(
                unique_key=f"{self.key}:{one.pk}",
                user_id=one.enrolment.user_id,
                due_at=at,
                expires_at=at + STILL_NEWS,
                payload={"excuse": one.pk},
                subject=subject_of(one.session),
            )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        """Return messages for those who are still in the class."""
        rows = with_rules(_decided()).select_related("session__run")
        found = rows.in_bulk([one.payload["excuse"] for one in reminders])
        return {
            one.pk: _decision_message(found[one.payload["excuse"]], now)
            for one in reminders
            if one.payload["excuse"] in found
        }


class ExcusesWaiting(ReminderKind):
    """Once for each person who is to decide and day until when: all requests in one message;
    each Monday once more for all that are overdue.
    """

    key = "attendance.excuses_waiting"
    label = gettext_lazy("Requests to be excused that wait for a decision")
    default_lead_minutes = 24 * 60
    placeholders = placeholder_labels("count", "day", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        """Yield a reminder for whoever is to decide, before the last day has begun, and for whoever
        has let it pass.
        """
        waiting = excuses_by_decider()
        monday = _monday(now)
        for user_id in sorted({user_id for user_id, until in waiting if until < monday}):
            yield PlannedReminder(
                unique_key=f"{self.key}:{user_id}:overdue:{monday.isoformat()}",
                user_id=user_id,
                due_at=local_moment(monday, MORNING),
                expires_at=local_moment(monday, MORNING) + OVERDUE_IS_NEWS,
                payload={"overdue": monday.isoformat()},
            )
        for user_id, until in waiting:
            yield PlannedReminder(
                unique_key=f"{self.key}:{user_id}:{until.isoformat()}",
                user_id=user_id,
                due_at=local_moment(until, MORNING) - timedelta(minutes=rule.lead_minutes),
                expires_at=local_moment(until + timedelta(days=1), time.min),
                payload={"until": until.isoformat()},
            )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        """Return messages for those before whom something still waits."""
        waiting = excuses_by_decider()
        found = {}
        for one in reminders:
            if "overdue" in one.payload:
                monday = date.fromisoformat(one.payload["overdue"])
                late = [
                    len(excuses)
                    for (user_id, until), excuses in waiting.items()
                    if user_id == one.user_id and until < monday
                ]
                if late:
                    found[one.pk] = _overdue_message(sum(late))
                continue
            until = date.fromisoformat(one.payload["until"])
            if excuses := waiting.get((one.user_id, until)):
                found[one.pk] = _waiting_message(len(excuses), until)
        return found


class UnconfirmedRegister(ReminderKind):
    """Once for each signed class and person who is to confirm it, some days after it was signed."""

    key = "attendance.unconfirmed_register"
    label = gettext_lazy("Signed class not confirmed, some days after signing")
    # Counted from the signature on.
    counts_after = True
    default_lead_minutes = 3 * 24 * 60
    placeholders = placeholder_labels("run", "day", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        """Yield a reminder for whoever answers for the unit and did not teach or sign the class."""
        signed = list(_unconfirmed().filter(signed_at__gt=now - SIGNED_WITHIN))
        confirmers = confirmers_of(signed)
        for one in signed:
            for user_id in sorted(confirmers[one.run_id]):
                yield PlannedReminder(
                    unique_key=f"{self.key}:{one.run_id}:{user_id}",
                    user_id=user_id,
                    due_at=one.signed_at + timedelta(minutes=rule.lead_minutes),
                    expires_at=one.signed_at + SIGNED_WITHIN,
                    payload={"run": one.run_id},
                    subject=Subject(run_id=one.run_id, run=one.run.title, place=one.run.place),
                )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        """Return messages for those who still have to confirm a class."""
        runs = {one.payload["run"] for one in reminders}
        signed = {one.run_id: one for one in _unconfirmed().filter(run__in=runs)}
        confirmers = confirmers_of(list(signed.values()))
        return {
            one.pk: _unconfirmed_message(signed[one.payload["run"]])
            for one in reminders
            if one.user_id in confirmers.get(one.payload["run"], ())
        }


def _decided() -> QuerySet[Excuse]:
    return Excuse.objects.filter(
        decided_at__isnull=False, enrolment__status__in=COUNTED_STATUSES
    ).order_by("pk")


def _unconfirmed() -> QuerySet[RunSignOff]:
    rows = RunSignOff.objects.filter(confirmed_at=None).select_related("run__unit")
    return rows.order_by("signed_at", "pk")


def _decision_message(excuse: Any, now: datetime) -> Message:
    session = excuse.session
    values = {
        "title": session.title,
        "run": session.run.title,
        "when": describe_when_inside(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        "decision": describe_decision(excuse, rules=read_rules(excuse.rules)),
        "url": absolute_url(reverse("attendance:excuse_ask", args=[session.pk])),
    }
    paragraphs = (
        _("You asked to be excused from “%(title)s” of the class “%(run)s” (%(when)s)."),
        "%(decision)s",
        _("Your request: %(url)s"),
    )
    return Message(
        subject=_("Request to be excused decided: %(title)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )


def _waiting_message(count: int, until: date) -> Message:
    told = ngettext(
        "%(count)d request to be excused waits for your decision.",
        "%(count)d requests to be excused wait for your decision.",
        count,
    )
    values = {
        "count": count,
        "day": vi_date(until),
        "url": absolute_url(reverse("attendance:excuse_list")),
    }
    return Message(
        subject=_("Requests to be excused: decide by %(day)s") % values,
        body="\n\n".join((told % values, _("Decide here: %(url)s") % values)),
        values=values,
    )


def _overdue_message(count: int) -> Message:
    told = ngettext(
        "%(count)d request to be excused should have been decided by now.",
        "%(count)d requests to be excused should have been decided by now.",
        count,
    )
    values = {"count": count, "url": absolute_url(reverse("attendance:excuse_list"))}
    return Message(
        subject=_("Requests to be excused are overdue"),
        body="\n\n".join((told % values, _("Decide here: %(url)s") % values)),
        values=values,
    )


def _unconfirmed_message(signed: RunSignOff) -> Message:
    values = {
        "run": signed.run.title,
        "day": vi_date(signed.signed_at),
        "url": absolute_url(reverse("attendance:run_register", args=[signed.run_id])),
    }
    paragraphs = (
        _("The register of the class “%(run)s” was signed on %(day)s and is not confirmed yet."),
        _("Look through it and confirm it here: %(url)s"),
    )
    return Message(
        subject=_("Class to confirm: %(run)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )


def _monday(now: datetime) -> date:
    """Return the Monday that is today or comes next."""
    today = timezone.localdate(now)
    return today + timedelta(days=-today.weekday() % 7)


OFFICE_REMINDERS: Final = (ExcuseDecided(), ExcusesWaiting(), UnconfirmedRegister())
