"""What stands under a register: who signed what, and what came in too late."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from attendance.enums import AttendanceStatus
from attendance.models.sessions import Session
from courses.enums import RunStatus
from courses.models import CourseRun, Enrolment
from lms.accounts.models import User


class SessionSignOff(models.Model):
    """A session as its trainer signed it, in figures that no later correction changes.

    Made by `attendance.domain.register.sign_off.sign_session`; the session is then closed to the roll.
    """

    session = models.OneToOneField(Session, models.PROTECT, related_name="sign_off")
    present_count = models.PositiveIntegerField(_("present"))
    late_count = models.PositiveIntegerField(_("late"))
    excused_count = models.PositiveIntegerField(_("excused"))
    absent_count = models.PositiveIntegerField(_("absent"))
    minutes = models.PositiveIntegerField(_("minutes attended"))
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("signed at"))

    class Meta:
        verbose_name = _("signed session")
        verbose_name_plural = _("signed sessions")

    def __str__(self) -> str:
        return f"{self.session_id}: {self.signed_by_id}"


class RunSignOff(models.Model):
    """A class as its trainer signed it, and who confirmed it for the unit that holds it.

    Made by `attendance.domain.register.sign_off.sign_run`, confirmed by `confirm_run`.
    """

    run = models.OneToOneField(CourseRun, models.PROTECT, related_name="sign_off")
    session_count = models.PositiveIntegerField(_("sessions"))
    trainee_count = models.PositiveIntegerField(_("trainees"))
    completed_count = models.PositiveIntegerField(_("completed"))
    minutes = models.PositiveIntegerField(_("minutes attended"))
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("signed at"))
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("signed class")
        verbose_name_plural = _("signed classes")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="run_sign_off_confirmed_whole",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("signed_by")),
                name="run_sign_off_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.signed_by_id}"


class LateMarkQuerySet(models.QuerySet["LateMark"]):
    def waiting(self) -> "LateMarkQuerySet":
        """Return those that nobody has decided, of classes that were not cancelled."""
        open_marks = self.filter(is_confirmed=None)
        return open_marks.exclude(session__run__status=RunStatus.CANCELLED)


class LateMark(models.Model):
    """A mark that reached a session after it was signed: neither lost nor applied.

    Kept by `attendance.domain.roll.recording.record_roll_call`; somebody who may correct a signed
    register confirms or dismisses it in `attendance.domain.register.corrections.decide_late_mark`.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="late_marks")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="late_marks")
    status = models.CharField(_("status"), max_length=8, choices=AttendanceStatus.choices)
    minutes_late = models.PositiveSmallIntegerField(_("minutes late"), default=0)
    minutes_left_early = models.PositiveSmallIntegerField(_("minutes left early"), default=0)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("received at"))
    client_id = models.UUIDField(_("client id"), unique=True)
    is_confirmed = models.BooleanField(_("confirmed"), null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = LateMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark that came late")
        verbose_name_plural = _("marks that came late")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_confirmed__isnull=True, decided_by__isnull=True)
                | Q(is_confirmed__isnull=False, decided_by__isnull=False),
                name="late_mark_decided_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id}, {self.enrolment_id}: {self.status}"
