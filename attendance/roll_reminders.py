"""What attendance reminds of after a session: a roll that nobody took, an absence without excuse, and a
register that is not signed.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.make_ups.offers import missed_sessions
from attendance.domain.make_ups.words import describe_offer
from attendance.domain.reminder_subjects import subject_of
from attendance.domain.session_trainers import load_trainers, trainers_of
from attendance.domain.sessions.pending import SIGNED_WITHIN, sessions_to_sign
from attendance.domain.wording import describe_when_inside
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceRecord, Excuse, Session
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import Enrolment
from lms.core.addresses import absolute_url
from lms.notifications.extensions import (
    AHEAD,
    Message,
    PlannedReminder,
    ReminderKind,
    placeholder_labels,
)
from lms.notifications.models import Reminder, ReminderRule

# So long after a session it is still worth saying.
STILL_NEWS: Final = timedelta(days=5)


class RollNotTaken(ReminderKind):
    """Once for each session and trainer, some hours after it: nobody has a status. Comes switched off."""

    key = "attendance.roll_not_taken"
    label = gettext_lazy("Roll not taken, some hours after a session")
    default_lead_minutes = 2 * 60
    starts_enabled = False
    counts_after = True
    placeholders = placeholder_labels("title", "run", "when", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        lead = timedelta(minutes=rule.lead_minutes)
        sessions = list(_without_roll().filter(ends_at__range=(now - lead - STILL_NEWS, now)))
        load_trainers(sessions)
        for session in sessions:
            for trainer in trainers_of(session=session):
                yield PlannedReminder(
                    unique_key=f"{self.key}:{session.pk}:{trainer.pk}",
                    user_id=trainer.pk,
                    due_at=session.ends_at + lead,
                    expires_at=session.ends_at + lead + STILL_NEWS,
                    payload={"session": session.pk},
                    subject=subject_of(session),
                )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> Mapping[int, Message]:
        """Return messages for those who still teach a session without a roll."""
        found = _without_roll().in_bulk([row.payload["session"] for row in reminders])
        load_trainers(found.values())
        trainers = {pk: {one.pk for one in trainers_of(session=row)} for pk, row in found.items()}
        return {
            row.pk: _roll_message(found[row.payload["session"]], now)
            for row in reminders
            if row.user_id in trainers.get(row.payload["session"], ())
        }


class AbsentWithoutExcuse(ReminderKind):
    """Once for each person and session that was missed: how it can be excused or made up.

    Moot once the status is another, or a request to be excused waits. Comes switched off.
    """

    key = "attendance.absent_unexcused"
    label = gettext_lazy("Absent without an excuse, with sessions to make up in")
    default_lead_minutes = 24 * 60
    starts_enabled = False
    counts_after = True
    placeholders = placeholder_labels("title", "run", "when", "offers", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        lead = timedelta(minutes=rule.lead_minutes)
        rows = _absent().filter(session__ends_at__range=(now - lead - STILL_NEWS, now))
        for record in rows.order_by("pk").iterator(chunk_size=1000):
            session = record.session
            yield PlannedReminder(
                unique_key=f"{self.key}:{record.enrolment_id}:{session.pk}",
                user_id=record.enrolment.user_id,
                due_at=session.ends_at + lead,
                expires_at=session.ends_at + lead + STILL_NEWS,
                payload={"enrolment": record.enrolment_id, "session": session.pk},
                subject=subject_of(session),
            )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> Mapping[int, Message]:
        asked = {(row.payload["enrolment"], row.payload["session"]): row for row in reminders}
        rows = _absent().filter(
            enrolment__in={pk for pk, _session in asked},
            session__in={pk for _enrolment, pk in asked},
        )
        records = [one for one in rows if (one.enrolment_id, one.session_id) in asked]
        missed = missed_sessions(enrolments=[one.enrolment for one in records], at=now)
        return {
            asked[one.enrolment_id, one.session_id].pk: _absence_message(
                one.session,
                [
                    describe_offer(offer, now=now, missing=found.missing)
                    for found in missed.get(one.enrolment_id, [])
                    if found.session.pk == one.session_id
                    for offer in found.offers
                ],
                now,
            )
            for one in records
        }


def _without_roll() -> QuerySet[Session]:
    people = Enrolment.objects.counted().filter(run=OuterRef("run"))
    noted = AttendanceRecord.objects.filter(session=OuterRef("pk"))
    over = Session.objects.taking_place().filter(run__status=RunStatus.OPEN, sign_off=None)
    return over.filter(Exists(people), ~Exists(noted)).select_related("run").order_by("pk")


def _absent() -> QuerySet[AttendanceRecord]:
    asked = Excuse.objects.filter(enrolment=OuterRef("enrolment"), session=OuterRef("session"))
    rows = AttendanceRecord.objects.filter(
        status=AttendanceStatus.ABSENT,
        enrolment__status=EnrolmentStatus.ACTIVE,
        session__run__status=RunStatus.OPEN,
        session__cancelled_at=None,
    )
    return rows.filter(~Exists(asked)).select_related("session__run", "enrolment__run")


def _values(session: Session, now: datetime) -> dict[str, Any]:
    when = describe_when_inside(starts_at=session.starts_at, ends_at=session.ends_at, now=now)
    return {"title": session.title, "run": session.run.title, "when": when}


def _roll_message(session: Session, now: datetime) -> Message:
    url = absolute_url(reverse("attendance:roll_call", args=[session.pk]))
    values = {**_values(session, now), "url": url}
    paragraphs = (
        _("Nobody has taken the roll of the session “%(title)s” (%(run)s, %(when)s) yet."),
        _("Take it here: %(url)s"),
    )
    return Message(
        subject=_("Roll not taken: %(title)s, %(run)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )


def _absence_message(session: Session, offers: Sequence[str], now: datetime) -> Message:
    url = absolute_url(reverse("attendance:excuse_ask", args=[session.pk]))
    values = {
        **_values(session, now),
        "offers": "\n".join(f"- {offer}" for offer in offers),
        "url": url,
    }
    paragraphs = [
        _("You are noted as absent from the session “%(title)s” (%(run)s, %(when)s)."),
        _("If there was a reason, ask to be excused here: %(url)s"),
    ]
    if offers:
        paragraphs.append(_("You can make up here:\n%(offers)s"))
    return Message(
        subject=_("Absent: %(title)s, %(run)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )


class UnsignedRegister(ReminderKind):
    """Once for each session and trainer: its register is still unsigned some days after it."""

    key = "attendance.unsigned_register"
    label = gettext_lazy("Register not signed, some days after a session")
    # Counted from the end of the session on.
    counts_after = True
    default_lead_minutes = 2 * 24 * 60
    placeholders = placeholder_labels("title", "run", "when", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        """Yield a reminder for each trainer of the class."""
        unsigned = sessions_to_sign(Session.objects.all(), now=now)
        rows = unsigned.filter(run__trainers__isnull=False).values_list("pk", "run__trainers")
        pairs = list(rows)
        sessions = Session.objects.select_related("run").in_bulk({pk for pk, _user in pairs})
        for pk, user_id in pairs:
            ends_at = sessions[pk].ends_at
            yield PlannedReminder(
                unique_key=f"{self.key}:{pk}:{user_id}",
                user_id=user_id,
                due_at=ends_at + timedelta(minutes=rule.lead_minutes),
                expires_at=ends_at + SIGNED_WITHIN,
                payload={"session": pk},
                subject=subject_of(sessions[pk]),
            )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        """Return messages for those who still teach the class of an unsigned session."""
        waiting = sessions_to_sign(Session.objects.all(), now=now).filter(
            pk__in=[one.payload["session"] for one in reminders]
        )
        found = {one.pk: one for one in waiting.select_related("run")}
        teachers = set(waiting.order_by().values_list("pk", "run__trainers"))
        return {
            one.pk: _unsigned_message(found[one.payload["session"]], now)
            for one in reminders
            if (one.payload["session"], one.user_id) in teachers
        }


def _unsigned_message(session: Session, now: datetime) -> Message:
    values = {
        "title": session.title,
        "run": session.run.title,
        "when": describe_when_inside(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        "url": absolute_url(reverse("attendance:session_sign", args=[session.pk])),
    }
    paragraphs = (
        _("The register of the session “%(title)s” (%(run)s, %(when)s) is not signed yet."),
        _("Sign it here: %(url)s"),
    )
    return Message(
        subject=_("Register not signed: %(title)s, %(run)s, %(when)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )


ROLL_REMINDERS: Final = (RollNotTaken(), AbsentWithoutExcuse(), UnsignedRegister())
