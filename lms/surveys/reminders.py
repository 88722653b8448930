"""What surveys remind of: a class asks for an opinion, and this person has given none."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import COUNTED_STATUSES
from courses.models import Enrolment
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
from lms.surveys.domain.answering import OPEN_DAYS, is_asked

MORNING: Final = time(8)


class SurveyOpen(ReminderKind):
    """Once for each enrolment, some days after the last day of the class. Comes switched off."""

    key = "surveys.open"
    label = gettext_lazy("Opinion on a class that is over")
    default_lead_minutes = 24 * 60
    is_mandatory = False
    starts_enabled = False
    counts_after = True
    placeholders = placeholder_labels("run", "day", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        today = timezone.localdate(now)
        soon = timezone.localdate(now + ahead)
        rows = _unanswered().filter(run__ends_on__range=(today - timedelta(days=OPEN_DAYS), soon))
        for one in rows.order_by("pk").iterator(chunk_size=1000):
            run = one.run
            due_at = local_moment(run.ends_on, MORNING) + timedelta(minutes=rule.lead_minutes)
            expires_at = local_moment(run.ends_on + timedelta(days=OPEN_DAYS + 1))
            if max(due_at, now) < expires_at:
                yield PlannedReminder(
                    unique_key=f"{self.key}:{one.pk}:{run.ends_on.isoformat()}",
                    user_id=one.user_id,
                    due_at=due_at,
                    expires_at=expires_at,
                    payload={"enrolment": one.pk},
                    subject=Subject(run_id=run.pk, run=run.title, place=run.place),
                )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> Mapping[int, Message]:
        """Return messages for those who are asked today and have not answered."""
        found = _unanswered().in_bulk([row.payload["enrolment"] for row in reminders])
        today = timezone.localdate(now)
        return {
            row.pk: _message(one)
            for row in reminders
            if (one := found.get(row.payload["enrolment"])) and is_asked(enrolment=one, today=today)
        }


def _unanswered() -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(status__in=COUNTED_STATUSES, survey_receipt=None)
    return rows.select_related("run")


def _message(enrolment: Any) -> Message:
    run = enrolment.run
    values = {
        "run": run.title,
        "day": vi_date(run.ends_on + timedelta(days=OPEN_DAYS)),
        "url": absolute_url(reverse("surveys:survey", args=[enrolment.pk])),
    }
    paragraphs = (
        _(
            "What did you think of the class “%(run)s”? A few questions, without your name, until %(day)s."
        ),
        _("Your opinion: %(url)s"),
    )
    return Message(
        subject=_("Your opinion on “%(run)s”") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )
