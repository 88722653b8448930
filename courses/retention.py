"""How long what people did in courses is kept, and why."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment, QuizAnswer
from lms.accounts.enums import RetentionAction
from lms.accounts.extensions import RetentionRule, Spared


def retention_in_courses() -> Iterator[RetentionRule]:
    yield RetentionRule(
        key="quiz_answers",
        what=_("Answers to the questions of quizzes"),
        since=_("the day the quiz was handed in"),
        reason=_("They can be reviewed during this time. The result stays."),
        action=RetentionAction.DELETED,
        days=2 * 365,
        due=lambda before: QuizAnswer.objects.filter(attempt__submitted_at__lt=before),
        spared=_not_handed_in,
    )
    yield RetentionRule(
        key="enrolments",
        what=_("Enrolments, with lessons read and results of quizzes"),
        reason=_(
            "Reports and certificates are based on them. They name nobody once the person has "
            "been anonymised."
        ),
        action=RetentionAction.KEPT,
        due=lambda _before: Enrolment.objects.all(),
    )


def _not_handed_in(before: datetime) -> Spared:
    begun = QuizAnswer.objects.filter(attempt__submitted_at=None, answered_at__lt=before)
    yield begun.count(), _("belong to a quiz that was not handed in")
