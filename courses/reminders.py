"""What courses remind of: lessons and quizzes still open shortly before a class ends."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Final, cast

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.lessons import LESSONS_KEY
from courses.domain.pass_mark import QUIZZES_KEY
from courses.domain.progress import progress_of
from courses.enums import EnrolmentStatus, RunStatus
from courses.extensions import CriterionResult
from courses.models import CourseRun, Enrolment
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

# The hour of a class's last day from which the lead time is counted back.
MORNING = time(8)
# Later than this nobody is told any more that a class was cancelled: the pages say it.
STILL_NEWS = timedelta(days=2)
ASKED_OF = (LESSONS_KEY, QUIZZES_KEY)


class UnfinishedLessons(ReminderKind):
    """Once for each enrolment and last day of the class; a class prolonged reminds anew."""

    key = "courses.unfinished_lessons"
    is_mandatory = False
    label = gettext_lazy("Unfinished lessons and quizzes, before a class ends")
    default_lead_minutes = 3 * 24 * 60
    placeholders = placeholder_labels("run", "day", "missing", "url")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        """Yield a reminder for everybody still in progress;
        whether anything is missing is asked at sending.
        """
        lead = timedelta(minutes=rule.lead_minutes)
        today = timezone.localdate(now)
        enrolments = Enrolment.objects.filter(
            status=EnrolmentStatus.ACTIVE,
            run__status=RunStatus.OPEN,
            run__ends_on__range=(today, timezone.localdate(now + lead + ahead)),
        )
        rows = enrolments.values_list(
            *("pk", "user_id", "run__ends_on", "run_id", "run__title", "run__place")
        )
        for pk, user_id, ends_on, run_id, title, place in rows.iterator(chunk_size=1000):
            yield PlannedReminder(
                unique_key=f"{self.key}:{pk}:{ends_on.isoformat()}",
                user_id=user_id,
                due_at=local_moment(ends_on, MORNING) - lead,
                expires_at=local_moment(ends_on + timedelta(days=1), time.min),
                payload={"enrolment": pk, "ends_on": ends_on.isoformat()},
                subject=Subject(run_id=run_id, run=title, place=place),
            )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        """Return messages for those who lack a lesson or a quiz now.

        Two queries, whatever the number of people and classes: what is missing is what the
        completion was decided by.
        """
        by_enrolment = {reminder.payload["enrolment"]: reminder for reminder in reminders}
        enrolments = Enrolment.objects.filter(
            pk__in=by_enrolment, status=EnrolmentStatus.ACTIVE, run__status=RunStatus.OPEN
        )
        runs = {one.pk: one.run for one in enrolments.select_related("run").order_by("pk")}
        found: dict[int, Message] = {}
        for pk, results in progress_of(enrolment_ids=runs).items():
            missing = [row for row in results if row.key in ASKED_OF and not row.met]
            reminder = by_enrolment[pk]
            if missing and reminder.payload["ends_on"] == runs[pk].ends_on.isoformat():
                found[reminder.pk] = _message(runs[pk], missing)
        return found


class ClassCancelled(ReminderKind):
    """Once for each person of a class that does not take place: why, and what comes instead."""

    key = "courses.class_cancelled"
    label = gettext_lazy("Class cancelled")
    default_lead_minutes = 0
    placeholders = placeholder_labels("run", "day", "reason", "instead", "first", "place")

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        """Yield a reminder for everybody who counted in a class cancelled of late, and its trainers."""
        runs = CourseRun.objects.filter(
            status=RunStatus.CANCELLED, cancelled_at__gt=now - STILL_NEWS
        ).in_bulk()
        people = {
            *Enrolment.objects.counted().filter(run__in=runs).values_list("run", "user"),
            *CourseRun.trainers.through.objects.filter(courserun__in=runs).values_list(
                "courserun", "user"
            ),
        }
        for run_id, user_id in sorted(people):
            run = runs[run_id]
            at = cast("datetime", run.cancelled_at)
            yield PlannedReminder(
                unique_key=f"{self.key}:{run_id}:{user_id}",
                user_id=user_id,
                due_at=at,
                expires_at=at + STILL_NEWS,
                payload={"run": run_id},
                subject=Subject(run_id=run_id, run=run.title, place=run.place),
            )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> dict[int, Message]:
        runs = CourseRun.objects.select_related("replaced_by").in_bulk(
            {reminder.payload["run"] for reminder in reminders}
        )
        return {one.pk: _cancelled_message(runs[one.payload["run"]]) for one in reminders}


def _cancelled_message(run: CourseRun) -> Message:
    instead = run.replaced_by
    values = {
        "run": run.title,
        "day": vi_date(run.starts_on),
        "reason": run.cancel_reason,
        "instead": instead.title if instead else "",
        "first": vi_date(instead.starts_on) if instead else "",
        "place": instead.place if instead else "",
    }
    paragraphs = [
        _("The class “%(run)s” that was to begin on %(day)s does not take place."),
        _("Reason: %(reason)s"),
        _("Instead: “%(instead)s”, from %(first)s, %(place)s.")
        if instead
        else _("No other class has been named yet. You will be told when you are enrolled in one."),
    ]
    return Message(
        subject=_("Class cancelled: %(run)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )


def _message(run: CourseRun, missing: Sequence[CriterionResult]) -> Message:
    values = {
        "run": run.title,
        "day": vi_date(run.ends_on),
        "missing": "\n".join(f"- {result.explanation}" for result in missing),
        "url": absolute_url(reverse("courses:my_work")),
    }
    paragraphs = (
        _(
            "The class “%(run)s” ends on %(day)s. To complete it, you still have to do the following:"
        ),
        "%(missing)s",
        _("Continue here: %(url)s"),
    )
    return Message(
        subject=_("Lessons left to do before %(day)s: %(run)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )


COURSE_REMINDERS: Final = (UnfinishedLessons(), ClassCancelled())
