"""What a person's reading leaves behind besides the lessons that are done."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.content import LessonPage
from courses.models.delivery import Enrolment


class LessonOpening(models.Model):
    """When somebody opened a lesson last. Written by `courses.domain.lessons.open_lesson`.

    A trace and no evidence: it goes with the enrolment or the lesson, which `LessonCompletion`
    and the editions protect.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="lesson_openings")
    lesson = models.ForeignKey(LessonPage, models.CASCADE, related_name="openings")
    opened_at = models.DateTimeField(_("last opened at"))

    class Meta:
        verbose_name = _("lesson opened")
        verbose_name_plural = _("lessons opened")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "lesson"], name="lesson_opening_once")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.lesson_id}"
