"""Addresses under which a calendar program reads sessions by itself."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import CourseRun
from lms.accounts.models import User


class CalendarFeed(models.Model):
    """One person's address: of all own sessions, or of one class that the person keeps.

    Made, renewed and ended by `attendance.domain.sessions.feeds`. The secret of the address is
    signed over `nonce` and stands nowhere: who reads the database alone cannot read calendars.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    run = models.ForeignKey(CourseRun, models.CASCADE, null=True, blank=True, related_name="+")
    nonce = models.CharField(max_length=32, editable=False)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "run"], name="calendar_feed_once_per_class"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(run__isnull=True), name="calendar_feed_once_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.run_id or '–'}"
