"""Hours missed in one's own class are made up in a session of another that teaches the same."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.models.sessions import Session
from courses.enums import RunStatus
from courses.models import Enrolment
from lms.accounts.models import User


class MakeUpQuerySet(models.QuerySet["MakeUp"]):
    def agreed(self) -> "MakeUpQuerySet":
        """Return those that stand: a class that was cancelled itself asks for no hours."""
        return self.filter(
            ~Q(enrolment__run__status=RunStatus.CANCELLED), taken_back_at__isnull=True
        )


class MakeUp(models.Model):
    """One arrangement. Agreed and taken back by `attendance.domain.make_ups.booking`, never removed.

    What was noted in `session` hangs on `enrolment`, which is in the class of `missed_session`.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="make_ups")
    missed_session = models.ForeignKey(Session, models.PROTECT, related_name="make_ups")
    session = models.ForeignKey(Session, models.PROTECT, related_name="guest_make_ups")
    # The person him- or herself, or somebody who keeps the own class.
    agreed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(_("agreed at"))
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = MakeUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("make-up session")
        verbose_name_plural = _("make-up sessions")
        ordering: ClassVar = ["agreed_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enrolment", "missed_session"],
                condition=Q(taken_back_at=None),
                name="make_up_once_per_missed_session",
            ),
            # The same hours discharge nothing twice.
            models.UniqueConstraint(
                fields=["enrolment", "session"],
                condition=Q(taken_back_at=None),
                name="make_up_session_discharges_once",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None, reason="")
                | (Q(taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(reason="")),
                name="make_up_taken_back_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(session=models.F("missed_session")), name="make_up_in_another_session"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.missed_session_id}, {self.session_id}"
