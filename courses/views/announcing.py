"""Whom courses let somebody write to: the trainees of a class."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import EnrolmentStatus, RunStatus
from courses.learning_reminders import invites_to, words_by_hand
from courses.models import CourseRun, Enrolment
from lms.accounts.models import User
from lms.announcements.extensions import Audience, Group
from lms.core.refusal import Refusal
from lms.core.requests import read_number


class ClassAudience(Audience):
    """Everybody who counts in a class that the writer keeps; with `remind` who has not completed."""

    key = "courses.run"
    params = ("run",)

    def find(self, *, by: User, params: Mapping[str, str], remind: bool) -> Group | None:
        runs = CourseRun.objects.manageable_by(by).select_related("unit")
        run = runs.filter(pk=read_number(params.get("run", "")) or 0).first()
        if run is None:
            return None
        enrolments = Enrolment.objects.visible_to(by).counted().filter(run=run)
        if remind:
            enrolments = enrolments.filter(status=EnrolmentStatus.ACTIVE)
        today = timezone.localdate()
        return Group(
            label=run.title,
            people=User.objects.filter(pk__in=enrolments.values("user")),
            back=reverse("courses:run_detail", args=[run.pk]),
            unit=run.unit,
            run_id=run.pk,
            refusal=_refusal(run),
            is_invitation=remind and invites_to(run=run, today=today),
            **words_by_hand(run=run, today=today) if remind else {},
        )


def _refusal(run: CourseRun) -> Refusal | None:
    if run.status != RunStatus.CANCELLED:
        return None
    return Refusal(
        "run_cancelled", _("This class has been cancelled. Its trainees were told of it.")
    )
