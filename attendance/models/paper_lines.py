"""What a signed sheet says, line by line, beside what the roll says."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.enums import PRESENT_STATUSES, AttendanceStatus
from attendance.models.marks import AttendanceMark
from attendance.models.sessions import Session
from courses.models import Enrolment
from lms.accounts.models import User


class PaperLine(models.Model):
    """What was read from a sheet about one person. Only ever added, by
    `attendance.domain.paper.comparing`; the last by `pk` is what the sheet says.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="paper_lines")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=8, choices=AttendanceStatus.choices)
    minutes_late = models.PositiveSmallIntegerField(_("minutes late"), default=0)
    # None: the sheet says nothing of it.
    minutes_left_early = models.PositiveSmallIntegerField(
        _("minutes left early"), null=True, blank=True
    )
    # What stood on the roll when the sheet was typed; None for nothing.
    mark_before = models.ForeignKey(
        AttendanceMark, models.PROTECT, null=True, blank=True, related_name="+"
    )
    typed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    typed_at = models.DateTimeField(_("typed at"))

    class Meta:
        verbose_name = _("line of a signed sheet")
        verbose_name_plural = _("lines of signed sheets")
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["session", "enrolment", "id"], name="paper_line_last")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(minutes_late=0) | Q(status=AttendanceStatus.LATE),
                name="paper_line_minutes_late_only_when_late",
            ),
            models.CheckConstraint(
                condition=Q(minutes_left_early=None)
                | Q(minutes_left_early=0)
                | Q(status__in=PRESENT_STATUSES),
                name="paper_line_left_early_only_when_there",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}, {self.enrolment_id}: {self.status}"
