"""What a person has and lacks in a class, as it was last found."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models.delivery import CompletionRequirement, Enrolment


class CriterionProgress(models.Model):
    """What `courses.domain.completion` found for one enrolment and one criterion in force.

    Derived: written in the transaction of whatever changes a figure, read by all that shows one.
    `rebuild_progress` makes all rows anew and must find nothing. `details`: what is missing, as
    facts and never as sentences; see `courses.extensions.Detail`.
    """

    #: Goes with its enrolment, and keeps nobody from taking that back.
    is_derived = True

    # Found by the constraint below.
    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="progress", db_index=False
    )
    # The row of the version in force; it has the parameters that a sentence needs.
    requirement = models.ForeignKey(CompletionRequirement, models.CASCADE, related_name="progress")
    criterion = models.CharField(_("criterion"), max_length=50)
    achieved = models.PositiveIntegerField(_("achieved"))
    required = models.PositiveIntegerField(_("required"))
    met = models.BooleanField(_("met"))
    details = models.JSONField(_("what is missing"), default=list)

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enrolment", "criterion"], name="progress_once_per_criterion"
            ),
            # The database knows it, too: nothing of nothing is never met.
            models.CheckConstraint(
                condition=Q(met=True, required__gt=0, achieved__gte=F("required"))
                | Q(met=False, required=0)
                | Q(met=False, achieved__lt=F("required")),
                name="progress_met_when_enough",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.criterion} {self.achieved}/{self.required}"
