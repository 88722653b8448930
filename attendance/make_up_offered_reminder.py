"""Whoever missed a session is told when there is a session elsewhere in which it can be made up."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.make_ups.offers import MissedSession, missed_sessions
from attendance.domain.make_ups.words import describe_offer
from attendance.domain.reminder_subjects import subject_of
from attendance.domain.wording import describe_when
from attendance.models import Session
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

_BATCH: Final = 500


class MakeUpOffered(ReminderKind):
    """Once for each missed session and each session that would mend it: one that is added or moved is
    told as well, all that are known at a time in one message.

    Moot once a make-up is agreed that can still give the hours, nothing is missed any more, the person
    has left or completed, or the offer is gone: cancelled, moved out of the days that the class
    allows, begun. Comes switched off.
    """

    key = "attendance.make_up_offered"
    label = gettext_lazy("Session elsewhere in which missed hours can be made up")
    default_lead_minutes = 24 * 60
    starts_enabled = False
    counts_after = True
    is_mandatory = False
    placeholders = placeholder_labels("title", "run", "when", "offers", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        """Yield a reminder for each offer; some queries for each batch of people who lack something."""
        lead = timedelta(minutes=rule.lead_minutes)
        people = _who_may_lack(now).order_by("pk").iterator(chunk_size=_BATCH)
        while batch := list(islice(people, _BATCH)):
            users = {one.pk: one.user_id for one in batch}
            for pk, missed in missed_sessions(enrolments=batch, at=now).items():
                for one, offer in _open_offers(missed):
                    due_at = one.session.ends_at + lead
                    yield PlannedReminder(
                        unique_key=f"{self.key}:{pk}:{one.session.pk}:{offer.pk}"
                        f":{offer.starts_at:%Y%m%d%H%M}",
                        user_id=users[pk],
                        due_at=due_at,
                        expires_at=max(due_at, offer.starts_at),
                        payload={
                            "enrolment": pk,
                            "session": one.session.pk,
                            "offer": offer.pk,
                        },
                        subject=subject_of(one.session),
                    )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> Mapping[int, Message]:
        """Return one message for each missed session, with all offers there are by now."""
        rows = Enrolment.objects.filter(pk__in={one.payload["enrolment"] for one in reminders})
        people = list(_active(rows))
        open_now = {
            (pk, one.session.pk, offer.pk): one
            for pk, missed in missed_sessions(enrolments=people, at=now).items()
            for one, offer in _open_offers(missed)
        }
        found: dict[tuple[int, int], int] = {}
        said: dict[int, Message] = {}
        for row in reminders:
            about = row.payload["enrolment"], row.payload["session"]
            one = open_now.get((*about, row.payload["offer"]))
            if one is not None and found.setdefault(about, row.pk) == row.pk:
                said[row.pk] = _message(one, now)
        return said


def _who_may_lack(now: datetime) -> QuerySet[Enrolment, Any]:
    """Return people of classes that have held a session which another open class still holds."""
    coming = Session.objects.taking_place().filter(
        starts_at__gt=now, run__status=RunStatus.OPEN, module=OuterRef("module")
    )
    held = Session.objects.taking_place().filter(
        Exists(coming), run=OuterRef("run"), ends_at__lte=now
    )
    return _active(Enrolment.objects.filter(Exists(held)))


def _active(rows: QuerySet[Enrolment, Any]) -> QuerySet[Enrolment, Any]:
    in_force = rows.filter(status=EnrolmentStatus.ACTIVE).exclude(run__status=RunStatus.CANCELLED)
    return in_force.select_related("run__unit")


def _open_offers(missed: Sequence[MissedSession]) -> Iterator[tuple[MissedSession, Session]]:
    """Yield what was missed with each offer, unless something is agreed that can still mend it."""
    for one in missed:
        if not (one.credit and one.credit.reachable):
            yield from ((one, offer) for offer in one.offers)


def _message(missed: MissedSession, now: datetime) -> Message:
    session = missed.session
    values = {
        "title": session.title,
        "run": session.run.title,
        "when": describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        "offers": "\n".join(
            f"- {describe_offer(offer, now=now, missing=missed.missing)}" for offer in missed.offers
        ),
        "url": absolute_url(reverse("attendance:my_sessions")),
    }
    paragraphs = (
        _("Hours that you missed can be made up: %(title)s, %(when)s, class “%(run)s”."),
        _("You can make up here:\n%(offers)s"),
        _("Choose a session, or see whom to call: %(url)s"),
    )
    return Message(
        subject=_("You can make up for: %(title)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )
