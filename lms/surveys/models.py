"""What trainees think of their class, without their names.

Who has answered and what was answered stand in two tables with nothing in common but the class:
no time, no running number. Both are written by `lms.surveys.domain.answering`.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import CourseRun, Enrolment
from lms.accounts.models import User


class SurveyReceipt(models.Model):
    """The trainee has answered; nothing says what."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="survey_receipt")

    class Meta:
        verbose_name = _("survey answered")
        verbose_name_plural = _("surveys answered")

    def __str__(self) -> str:
        return str(self.enrolment_id)


class SurveyAnswerQuerySet(models.QuerySet["SurveyAnswer"]):
    def visible_to(self, user: User) -> "SurveyAnswerQuerySet":
        return self.filter(run__in=CourseRun.objects.watched_by(user))


class SurveyAnswer(models.Model):
    """One sheet without a name. `ratings`: 1 (not at all) to 5 (fully) by the key of the
    statement; one that was left out is missing.
    """

    # Drawn by lot: rows in the order of their keys do not tell who came first.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(CourseRun, models.PROTECT, related_name="survey_answers")
    ratings = models.JSONField(_("ratings"))
    comment = models.TextField(_("comment"), blank=True)

    objects = SurveyAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey answer")
        verbose_name_plural = _("survey answers")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(ratings={}) | ~Q(comment=""), name="survey_answer_says_something"
            )
        ]

    def __str__(self) -> str:
        return str(self.run_id)
