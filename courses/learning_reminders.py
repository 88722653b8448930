"""What courses remind learners of who have not begun, have stopped, or did not finish in time.

All three come switched off: whoever switches one on sees first whom it would reach.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import EnrolmentStatus, RunStatus
from courses.models import (
    CourseRun,
    EditionLesson,
    Enrolment,
    LessonCompletion,
    LessonOpening,
    QuizAttempt,
)
from lms.announcements.enums import SUBJECT_LENGTH
from lms.core.addresses import absolute_url
from lms.core.display import vi_date
from lms.core.local_time import local_moment
from lms.notifications.domain.texts import words_for_all
from lms.notifications.extensions import (
    AHEAD,
    Message,
    PlannedReminder,
    ReminderKind,
    Subject,
    placeholder_labels,
)
from lms.notifications.models import Reminder, ReminderRule

MORNING: Final = time(8)
_DAY: Final = 24 * 60
# Later than this after the last day nobody is asked to finish any more.
OVER_IS_NEWS: Final = timedelta(days=30)
# What leaves a trace of somebody's learning, and when it was left.
_TRACES: Final = {
    LessonOpening: "opened_at",
    LessonCompletion: "completed_at",
    QuizAttempt: "started_at",
}


class LearningKind(ReminderKind):
    """Once for each enrolment and what it counts from; moot as soon as `asked` names it no more."""

    is_mandatory = False
    starts_enabled = False
    counts_after = True
    placeholders = placeholder_labels("run", "day", "url")

    def asked(self, *, now: datetime) -> QuerySet[Any]:
        """Return the enrolments that it is about, whatever the day."""
        raise NotImplementedError

    def counted_from(self, enrolment: Any) -> datetime | None:
        """Return the moment from which the days are counted; None: not this one."""
        raise NotImplementedError

    def expires(self, enrolment: Any, due_at: datetime) -> datetime:
        """Return when it comes too late: with the last day of the class."""
        return _end_of(enrolment.run.ends_on)

    def write(self, enrolment: Any, now: datetime) -> Message:
        raise NotImplementedError

    def plan(
        self, *, rule: ReminderRule, now: datetime, ahead: timedelta = AHEAD
    ) -> Iterator[PlannedReminder]:
        for one in self.asked(now=now).order_by("pk").iterator(chunk_size=1000):
            since = self.counted_from(one)
            if since is None:
                continue
            due_at = since + timedelta(minutes=rule.lead_minutes)
            expires_at = self.expires(one, due_at)
            if due_at > now + ahead or not max(due_at, now) < expires_at:
                continue
            yield PlannedReminder(
                unique_key=f"{self.key}:{one.pk}:{timezone.localdate(since).isoformat()}",
                user_id=one.user_id,
                due_at=due_at,
                expires_at=expires_at,
                payload={"enrolment": one.pk, "since": since.isoformat()},
                subject=Subject(run_id=one.run_id, run=one.run.title, place=one.run.place),
            )

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> Mapping[int, Message]:
        """Return messages for those of whom it still holds, counted from the same moment."""
        enrolments = self.asked(now=now).in_bulk([row.payload["enrolment"] for row in reminders])
        return {
            row.pk: self.write(one, now)
            for row in reminders
            if (one := enrolments.get(row.payload["enrolment"]))
            and (since := self.counted_from(one))
            and since.isoformat() == row.payload["since"]
        }


class NotStarted(LearningKind):
    """Who has opened nothing of a class with lessons, some days after it began."""

    key = "courses.not_started"
    label = gettext_lazy("Nothing opened yet, some days after a class began")
    default_lead_minutes = 3 * _DAY

    def asked(self, *, now: datetime) -> QuerySet[Any]:
        return _learners().filter(*(~Exists(_traces(model)) for model in _TRACES))

    def counted_from(self, enrolment: Any) -> datetime:
        return max(local_moment(enrolment.run.starts_on, MORNING), enrolment.enrolled_at)

    def write(self, enrolment: Any, now: datetime) -> Message:
        return _said(
            enrolment.run,
            _("Begin with the class “%(run)s”"),
            _("You have not opened a lesson of the class “%(run)s” yet. It ends on %(day)s."),
        )


class Inactive(LearningKind):
    """Who has begun, and has opened nothing since."""

    key = "courses.inactive"
    label = gettext_lazy("Nothing opened for some days")
    default_lead_minutes = 7 * _DAY

    def asked(self, *, now: datetime) -> QuerySet[Any]:
        found = {
            f"last_{column}": Subquery(
                _traces(model).order_by().values("enrolment").annotate(at=Max(column)).values("at")
            )
            for model, column in _TRACES.items()
        }
        return _learners().annotate(**found)

    def counted_from(self, enrolment: Any) -> datetime | None:
        times = [getattr(enrolment, f"last_{column}") for column in _TRACES.values()]
        return max((one for one in times if one), default=None)

    def write(self, enrolment: Any, now: datetime) -> Message:
        return _said(
            enrolment.run,
            _("Go on with the class “%(run)s”"),
            _(
                "You have not opened anything of the class “%(run)s” for a while. It ends on %(day)s."
            ),
        )


class NotCompleted(LearningKind):
    """Who has not completed a class that is over, and has not completed the course elsewhere."""

    key = "courses.not_completed"
    label = gettext_lazy("Class over and not completed")
    default_lead_minutes = _DAY

    def asked(self, *, now: datetime) -> QuerySet[Any]:
        same = Enrolment.objects.filter(user=OuterRef("user"), run__course=OuterRef("run__course"))
        done = same.filter(status=EnrolmentStatus.COMPLETED)
        active = Enrolment.objects.filter(
            status=EnrolmentStatus.ACTIVE, run__status__in=(RunStatus.OPEN, RunStatus.CLOSED)
        )
        recent = timezone.localdate(now) - OVER_IS_NEWS
        return active.filter(~Exists(done), run__ends_on__gt=recent).select_related("run")

    def counted_from(self, enrolment: Any) -> datetime:
        return local_moment(enrolment.run.ends_on, MORNING)

    def expires(self, enrolment: Any, due_at: datetime) -> datetime:
        return _end_of(enrolment.run.ends_on) + OVER_IS_NEWS

    def write(self, enrolment: Any, now: datetime) -> Message:
        return _not_completed(enrolment.run)


def invites_to(*, run: CourseRun, today: date) -> bool:
    """Return whether those of a class are invited: it is to come, and nobody is late."""
    return run.starts_on > today


def words_by_hand(*, run: CourseRun, today: date) -> dict[str, str]:
    """Return the subject and the text that somebody who reminds those of a class now may change: of one
    that is over those of its reminder, as the rule has them; of one that is to come an invitation.
    """
    if run.ends_on < today:
        said = words_for_all(kind=NotCompleted.key, message=_not_completed(run))
        return {"subject": said.subject[:SUBJECT_LENGTH], "text": said.body}
    values = _values(run)
    if invites_to(run=run, today=today):
        first = {**values, "first": vi_date(run.starts_on)}
        text = _("The class “%(run)s” begins on %(first)s. See when and where it meets: %(url)s")
        subject = _("Class to come: %(run)s") % values
        return {"subject": subject[:SUBJECT_LENGTH], "text": text % first}
    text = _("You have not completed the class “%(run)s” yet. See what is left to do: %(url)s")
    subject = _("Not completed yet: %(run)s") % values
    return {"subject": subject[:SUBJECT_LENGTH], "text": text % values}


def _not_completed(run: CourseRun) -> Message:
    return _said(
        run,
        _("Class over, not completed: %(run)s"),
        _(
            "The class “%(run)s” ended on %(day)s, and you have not completed it. What is missing, "
            "and whom to call, stands on its page."
        ),
    )


def _learners() -> QuerySet[Enrolment]:
    """Return who learns in open classes with lessons."""
    lessons = EditionLesson.objects.filter(edition=OuterRef("run__edition"))
    learning = Enrolment.objects.filter(status=EnrolmentStatus.ACTIVE, run__status=RunStatus.OPEN)
    return learning.filter(Exists(lessons)).select_related("run")


def _traces(model: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(enrolment=OuterRef("pk"))
    return rows


def _end_of(day: date) -> datetime:
    return local_moment(day + timedelta(days=1))


def _said(run: CourseRun, subject: str, body: str) -> Message:
    values = _values(run)
    return Message(
        subject=subject % values,
        body="\n\n".join((body % values, _("Continue here: %(url)s") % values)),
        values=values,
    )


def _values(run: CourseRun) -> Mapping[str, str]:
    return {
        "run": run.title,
        "day": vi_date(run.ends_on),
        "url": absolute_url(reverse("courses:my_work")),
    }


LEARNING_REMINDERS: Final = (NotStarted(), Inactive(), NotCompleted())
