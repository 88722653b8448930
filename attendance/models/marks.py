"""What was noted about each person, and what follows from it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.enums import (
    PRESENT_STATUSES,
    REASONED_METHODS,
    AttendanceStatus,
    MarkMethod,
)
from attendance.models.sessions import Session
from courses.models import Enrolment
from lms.accounts.models import User


class AttendanceMark(models.Model):
    """Something that was noted about one person in one session. Only ever added.

    The last mark by `pk` is the one that counts, and says all: when somebody leaves, it repeats
    how late he or she came. `attendance.domain.roll.recording` writes it.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="marks")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendance_marks")
    status = models.CharField(_("status"), max_length=8, choices=AttendanceStatus.choices)
    minutes_late = models.PositiveSmallIntegerField(_("minutes late"), default=0)
    minutes_left_early = models.PositiveSmallIntegerField(_("minutes left early"), default=0)
    method = models.CharField(
        _("taken by"), max_length=12, choices=MarkMethod.choices, default=MarkMethod.ROLL_CALL
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    marked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(_("time recorded"))
    device = models.CharField(_("device"), max_length=100, blank=True)
    # Made by the device: the same tap sent twice is one mark.
    client_id = models.UUIDField(_("client id"), unique=True)

    class Meta:
        verbose_name = _("attendance mark")
        verbose_name_plural = _("attendance marks")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(method__in=REASONED_METHODS) | ~Q(reason=""),
                name="attendance_correction_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(minutes_late=0) | Q(status=AttendanceStatus.LATE),
                name="attendance_minutes_late_only_when_late",
            ),
            models.CheckConstraint(
                condition=Q(minutes_left_early=0) | Q(status__in=PRESENT_STATUSES),
                name="attendance_left_early_only_when_there",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}, {self.enrolment_id}: {self.status}"

    @property
    def statement(self) -> tuple[str, int, int]:
        """What is noted, as `RollEntry.statement` says what is to be."""
        return self.status, self.minutes_late, self.minutes_left_early


class AttendanceRecordQuerySet(models.QuerySet["AttendanceRecord"]):
    def visible_to(self, user: User) -> "AttendanceRecordQuerySet":
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))


class AttendanceRecord(models.Model):
    """The settled state of one person in one session, derived from the last mark.

    `rebuild_attendance` makes all rows anew from the marks and must change nothing.
    """

    # Found by the constraint below. An index of the session alone would be taken for it, since what was
    # noted a moment ago is in no statistics, and would read the whole session for each person.
    session = models.ForeignKey(Session, models.PROTECT, related_name="records", db_index=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendance_records")
    mark = models.ForeignKey(AttendanceMark, models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=8, choices=AttendanceStatus.choices)
    minutes = models.PositiveSmallIntegerField(_("minutes attended"))
    # What is not asked for, since the person was excused and the class waives such hours.
    minutes_waived = models.PositiveSmallIntegerField(_("minutes waived"), default=0)

    objects = AttendanceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance record")
        verbose_name_plural = _("attendance records")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "enrolment"], name="attendance_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.session_id}, {self.enrolment_id}: {self.status}, {self.minutes}"
