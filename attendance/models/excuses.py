"""A trainee asks to be excused from a session; somebody of the unit decides."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.enums import ExcuseState
from attendance.models.sessions import Session
from courses.models import Enrolment
from lms.accounts.models import User


class Excuse(models.Model):
    """One request for one session. Asked, withdrawn and decided by `attendance.domain.excuses`."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="excuses")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="excuses")
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(
        _("status"), max_length=9, choices=ExcuseState.choices, default=ExcuseState.ASKED
    )
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("request to be excused")
        verbose_name_plural = _("requests to be excused")
        ordering: ClassVar = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "enrolment"],
                condition=~Q(state=ExcuseState.WITHDRAWN),
                name="excuse_once_per_session",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=False)
                | Q(state__in=(ExcuseState.ASKED, ExcuseState.WITHDRAWN)),
                name="excuse_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}, {self.enrolment_id}: {self.state}"
