"""On the front page of the Wagtail admin: classes, unfinished texts, questions to look at."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page
from wagtail.permissions import policy_registry

from courses.domain.counts import annotate_trainees
from courses.domain.reviewing import questions_to_review
from courses.domain.runs import pending_step
from courses.enums import RunStatus, RunStep
from courses.models import CourseRun, Question
from courses.permissions import AUTHORS, RUN_MANAGERS, RUN_WATCHERS
from lms.accounts.models import User
from lms.scoped_admin.dashboard import ROWS_IN_PANEL, DashboardPanel

LABELS = {
    RunStep.ENROL: gettext_lazy("Enrol trainees"),
    RunStep.OPEN: gettext_lazy("Open the class"),
    RunStep.CLOSE: gettext_lazy("Close the class"),
}


class ClassesNow(DashboardPanel):
    """Classes that are not over or not closed, the oldest first, each with its next step."""

    name = "courses_classes"
    order = 120
    roles = RUN_WATCHERS
    template_name = "courses/admin/home/classes.html"

    def context(self, user: User) -> dict[str, Any]:
        today = timezone.localdate()
        manages = user.scope.has_role(*RUN_MANAGERS)
        current = Q(status=RunStatus.OPEN) | Q(status=RunStatus.PLANNED, ends_on__gte=today)
        watched = CourseRun.objects.watched_by(user).filter(current)
        kept = CourseRun.objects.manageable_by(user).filter(pk=OuterRef("pk"))
        runs = annotate_trainees(watched).annotate(is_manageable=Exists(kept))
        shown = runs.order_by("starts_on", "code").select_related("unit")[:ROWS_IN_PANEL]
        return {
            "total": watched.count(),
            "lines": [
                {"run": run, "step": _next_step(run, today, manages and run.is_manageable)}
                for run in shown
            ],
            "may_add": manages,
        }


class Drafts(DashboardPanel):
    """Pages that the person wrote or last edited and that readers do not see as they are."""

    name = "courses_drafts"
    order = 130
    roles = AUTHORS
    template_name = "courses/admin/home/drafts.html"

    def context(self, user: User) -> dict[str, Any]:
        drafts = _drafts_of(user)
        return {"total": drafts.count(), "pages": drafts[:ROWS_IN_PANEL]}


class QuestionsToReview(DashboardPanel):
    """Questions that most people get wrong, and those that no quiz asks."""

    name = "courses_questions"
    order = 140
    roles = AUTHORS
    template_name = "courses/admin/home/questions.html"

    def context(self, user: User) -> dict[str, Any]:
        questions = Question.objects.visible_to(user)
        reviews = questions_to_review(questions=questions, reader=user)
        return {"total": len(reviews), "reviews": reviews[:ROWS_IN_PANEL]}


def _next_step(run: Any, today: date, manages: bool) -> dict[str, Any]:
    """Return the button beside a class: what it waits for, as far as the reader may do it."""
    step = pending_step(run=run, trainee_count=run.trainee_count, today=today) if manages else None
    return {
        "label": LABELS[step] if step else _("See the class"),
        "url": reverse(f"runs:{step or 'inspect'}", args=[run.pk]),
    }


def _drafts_of(user: User) -> QuerySet[Page]:
    policy = policy_registry.get_by_type(Page)
    editable = policy.instances_user_has_permission_for(user, "change")
    mine = Q(owner=user) | Q(latest_revision__user=user)
    return editable.filter(mine, has_unpublished_changes=True).order_by(
        "-latest_revision_created_at", "-pk"
    )
