"""What a person's reading leaves behind besides the lessons that are done."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.content import LessonPage
from courses.models.delivery import Enrolment
from lms.accounts.models import User


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


class LessonNote(models.Model):
    """What a person has written down about a lesson; nobody else reads it.

    Written by `courses.domain.notes.save_note`; of a lesson that nobody learns by, it goes with it.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="lesson_notes")
    lesson = models.ForeignKey(LessonPage, models.CASCADE, related_name="notes")
    text = models.TextField(_("note"))
    updated_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("note on a lesson")
        verbose_name_plural = _("notes on lessons")
        ordering: ClassVar = ["-updated_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "lesson"], name="lesson_note_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.lesson_id}"
