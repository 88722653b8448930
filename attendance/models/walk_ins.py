"""Who came to a session and was not on record there and then."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.enums import PRESENT_STATUSES, AttendanceStatus, WalkInState
from attendance.models.sessions import Session
from courses.enums import RunStatus
from courses.models import CourseRun, Enrolment
from lms.accounts.models import User


class UnmatchedWalkInQuerySet(models.QuerySet["UnmatchedWalkIn"]):
    def waiting(self) -> "UnmatchedWalkInQuerySet":
        """Return those still to be matched. Where nobody is noted any more, none of them is."""
        held = self.filter(session__cancelled_at=None)
        return held.exclude(session__run__status=RunStatus.CANCELLED).filter(
            state=WalkInState.WAITING
        )

    def visible_to(self, user: User) -> "UnmatchedWalkInQuerySet":
        """Return those of sessions whose roll one may take: whose area they are of, nobody knows."""
        return self.filter(session__run__in=CourseRun.objects.manageable_by(user))


class UnmatchedWalkIn(models.Model):
    """Somebody with no more than a name, until a person on record is found for the line.

    Noted, matched and dismissed by `attendance.domain.walk_ins.unmatched`. What was typed besides the name
    is needed to find the person, and is emptied once that is done.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="unmatched_walk_ins")
    name = models.CharField(_("full name"), max_length=150)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    unit_text = models.CharField(_("unit"), max_length=150, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    status = models.CharField(
        _("status"),
        max_length=8,
        choices=AttendanceStatus.choices,
        default=AttendanceStatus.PRESENT,
    )
    minutes_late = models.PositiveSmallIntegerField(_("minutes late"), default=0)
    minutes_left_early = models.PositiveSmallIntegerField(_("minutes left early"), default=0)
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("time recorded"))
    client_id = models.UUIDField(_("client id"), unique=True)
    state = models.CharField(max_length=9, choices=WalkInState.choices, default=WalkInState.WAITING)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="matched_walk_ins"
    )
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = UnmatchedWalkInQuerySet.as_manager()

    class Meta:
        verbose_name = _("person not matched with a record")
        verbose_name_plural = _("people not matched with a record")
        ordering: ClassVar = ["noted_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=PRESENT_STATUSES), name="unmatched_walk_in_came"
            ),
            models.CheckConstraint(
                condition=Q(state=WalkInState.WAITING, decided_by=None, enrolment=None)
                | Q(state=WalkInState.MATCHED, decided_by__isnull=False, enrolment__isnull=False)
                | Q(state=WalkInState.DISMISSED, decided_by__isnull=False, enrolment=None)
                & ~Q(reason=""),
                name="unmatched_walk_in_decided_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["session"],
                condition=Q(state=WalkInState.WAITING),
                name="unmatched_walk_in_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.state}"
