"""The message with the figures of a period that is over: figures and a link, never a name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core.addresses import absolute_url
from lms.core.display import percent, vi_date, vi_number
from lms.geography.enums import Level
from lms.notifications.extensions import (
    AHEAD,
    Message,
    PlannedReminder,
    ReminderKind,
    placeholder_labels,
)
from lms.notifications.models import Reminder, ReminderRule
from lms.reporting.domain.periods import Period
from lms.reporting.domain.schedules import (
    due_reports,
    is_reader,
    period_told,
    table_of_period,
    tells_few_posts,
)
from lms.reporting.domain.small_numbers import SMALLEST_SHOWN, tells_small
from lms.reporting.domain.snapshot_paper import HIDDEN, meaning_of_hidden
from lms.reporting.labels import have_completed
from lms.reporting.models import ReportSchedule

#: In the morning after the last day of the period.
_HOUR: Final = time(7)
_STILL_NEWS: Final = timedelta(days=7)


class PeriodOver(ReminderKind):
    """Once for each recipient of a schedule and each period that is over."""

    key = "reporting.period_over"
    label = gettext_lazy("Figures of a period that is over")
    default_lead_minutes = 0
    placeholders = placeholder_labels(
        "unit", "programme", "period", "day", "people", "completed", "share", "url"
    )

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        for due in due_reports(today=timezone.localdate(now)):
            morning = datetime.combine(due.period.ends_on + timedelta(days=1), _HOUR)
            at = timezone.make_aware(morning)
            yield PlannedReminder(
                unique_key=f"{self.key}:{due.schedule.pk}:{due.user.pk}:{due.period.key}",
                user_id=due.user.pk,
                due_at=at,
                expires_at=at + _STILL_NEWS,
                payload={"schedule": due.schedule.pk, "period": due.period.key},
            )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> Mapping[int, Message]:
        """Return what to tell whoever may still see it; figures are found once for each period."""
        schedules = ReportSchedule.objects.select_related("programme", "unit__edition").in_bulk(
            {one.payload["schedule"] for one in reminders}
        )
        written: dict[tuple[int, str], Message] = {}
        messages: dict[int, Message] = {}
        for one in reminders:
            schedule = schedules.get(one.payload["schedule"])
            period = period_told(key=one.payload["period"], today=timezone.localdate(now))
            if (
                schedule is None
                or period is None
                or not is_reader(schedule=schedule, user=one.user)
            ):
                continue
            key = (schedule.pk, period.key)
            if key not in written:
                written[key] = _message(schedule, period, one)
            messages[one.pk] = written[key]
        return messages


def _message(schedule: ReportSchedule, period: Period, reminder: Reminder) -> Message:
    table = table_of_period(schedule=schedule, period=period, reader=reminder.user)
    figures, goal = table.total.figures, table.total.goal
    is_shown = not tells_few_posts(table=table)
    # Whoever reads both works out how many have not completed.
    is_told = not tells_small(figures.completed, figures.people - figures.completed)
    values = {
        "unit": schedule.unit,
        "programme": schedule.programme,
        "period": period,
        "day": vi_date(period.ends_on),
        "people": vi_number(goal.people) if is_shown else HIDDEN,
        "completed": vi_number(figures.completed) if is_told else HIDDEN,
        "share": percent(figures.completed, goal.people) if is_told and is_shown else HIDDEN,
        "url": absolute_url(_address(schedule, period)),
    }
    paragraphs = (
        _("%(programme)s, %(unit)s, %(period)s, as of %(day)s:"),
        have_completed(goal),
        _("Figures of that day: %(url)s"),
    )
    said = [paragraph % values for paragraph in paragraphs]
    if not (is_told and is_shown):
        said.insert(2, meaning_of_hidden(SMALLEST_SHOWN))
    return Message(
        subject=_("Training results of %(unit)s, %(period)s") % values,
        body="\n\n".join(said),
        values=values,
    )


def _address(schedule: ReportSchedule, period: Period) -> str:
    query: dict[str, Any] = {"programme": schedule.programme_id, "on": period.ends_on.isoformat()}
    if schedule.unit.level == Level.PROVINCE:
        path = reverse("reporting:completion")
    else:
        path = reverse("reporting:completion_unit", args=[schedule.unit_id])
    return f"{path}?{urlencode(query)}"
