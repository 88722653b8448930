"""What enrolments and classes became, and when: rows that are only ever added."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import EnrolmentStatus, RunStatus
from courses.models.delivery import CourseRun, Enrolment
from lms.accounts.enums import Cadre
from lms.geography.models import AdministrativeUnit


class EnrolmentChange(models.Model):
    """How an enrolment stood from `at` on; the row that was written last counts.

    Written by `courses.domain.history` in the transaction of the change. `is_inferred`: worked out
    afterwards, when the history began to be kept; what happened in between is not known.
    """

    #: Goes with its enrolment, and keeps nobody from taking that back.
    is_derived = True

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="changes")
    status = models.CharField(_("status"), max_length=10, choices=EnrolmentStatus.choices)
    unit = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="+")
    cadre = models.CharField(_("cadre"), max_length=20, choices=Cadre.choices)
    enrolled_at = models.DateTimeField(_("enrolled at"))
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    is_inferred = models.BooleanField(_("worked out afterwards"), default=False)

    class Meta:
        verbose_name = _("change of an enrolment")
        verbose_name_plural = _("changes of enrolments")
        indexes: ClassVar = [
            models.Index(fields=["enrolment", "at"], name="enrolment_change_by_time")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.status}"


class RunChange(models.Model):
    """How a class stood from `at` on; as `EnrolmentChange`."""

    is_derived = True

    run = models.ForeignKey(CourseRun, models.CASCADE, related_name="changes")
    status = models.CharField(_("status"), max_length=10, choices=RunStatus.choices)
    starts_on = models.DateField(_("first day"))
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    is_inferred = models.BooleanField(_("worked out afterwards"), default=False)

    class Meta:
        verbose_name = _("change of a class")
        verbose_name_plural = _("changes of classes")
        indexes: ClassVar = [models.Index(fields=["run", "at"], name="run_change_by_time")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.status}"
