"""When a class meets."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models import CourseRun
from lms.accounts.models import User


def whole_minutes(starts_at: datetime, ends_at: datetime) -> int:
    """Return how long a session takes, a begun minute left out."""
    return int((ends_at - starts_at).total_seconds() // 60)


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: User) -> "SessionQuerySet":
        return self.filter(run__in=CourseRun.objects.visible_to(user))

    def manageable_by(self, user: User) -> "SessionQuerySet":
        """Return sessions whose roll one may take."""
        return self.filter(run__in=CourseRun.objects.manageable_by(user))


class Session(models.Model):
    """One meeting of a class: buổi học."""

    run = models.ForeignKey(CourseRun, models.PROTECT, related_name="sessions")
    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    is_required = models.BooleanField(_("counts for completion"), default=True)
    # When its hours began to count: not before it has ended. Set by `attendance.domain.counting`.
    counted_at = models.DateTimeField(_("counted at"), null=True, blank=True, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering: ClassVar = ["starts_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"
            ),
            models.UniqueConstraint(fields=["run", "starts_at"], name="session_start_once_per_run"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["ends_at"],
                condition=Q(counted_at__isnull=True),
                name="session_still_to_count",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def minutes(self) -> int:
        """Length in whole minutes."""
        return whole_minutes(self.starts_at, self.ends_at)
