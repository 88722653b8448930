"""A trainee asks to be excused from a session; somebody who answers for the class decides."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.enums import ExcuseState
from attendance.models.sessions import Session
from courses.enums import COUNTED_STATUSES, RunStatus
from courses.models import CourseRun, Enrolment
from lms.accounts.models import User
from lms.core.sent_papers import private_storage


class ExcuseQuerySet(models.QuerySet["Excuse"]):
    def visible_to(self, user: User) -> "ExcuseQuerySet":
        """Return one's own requests, and those of people on a roll that one may take.

        Reasons and papers tell of illnesses: who only watches over a class reads none.
        """
        seen = Enrolment.objects.visible_to(user).filter(
            run__in=CourseRun.objects.manageable_by(user)
        )
        return self.filter(Q(enrolment__user=user) | Q(enrolment__in=seen.values("pk")))

    def waiting(self) -> "ExcuseQuerySet":
        """Return requests that nobody has decided, of sessions that somebody could be missed in."""
        held = self.filter(session__cancelled_at=None).exclude(
            session__run__status=RunStatus.CANCELLED
        )
        return held.filter(state=ExcuseState.ASKED, enrolment__status__in=COUNTED_STATUSES)


class Excuse(models.Model):
    """One request for one session. Asked, withdrawn and decided by `attendance.domain.excuses.decisions`.

    `noted_by`: who took it down for the person, on the phone. None: asked by the person.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="excuses")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="excuses")
    reason = models.CharField(_("reason"), max_length=300)
    paper = models.FileField(
        _("photo of the paper"), storage=private_storage, upload_to="excuses", blank=True
    )
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(
        _("status"), max_length=9, choices=ExcuseState.choices, default=ExcuseState.ASKED
    )
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = ExcuseQuerySet.as_manager()

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
