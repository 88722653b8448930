"""When a class meets."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from courses.enums import RunStatus
from courses.models import CourseRun, ModulePage
from courses.models.delivery import taught_by
from lms.accounts.models import User


def whole_minutes(starts_at: datetime, ends_at: datetime, break_minutes: int = 0) -> int:
    """Return how long a session takes without its breaks, a begun minute left out."""
    return max(int((ends_at - starts_at).total_seconds() // 60) - break_minutes, 0)


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: User) -> "SessionQuerySet":
        """Return those of classes that one may see, and those in which one makes up for another."""
        own = Q(guest_make_ups__enrolment__user=user, guest_make_ups__taken_back_at=None)
        guests = Session.objects.order_by().filter(own).values("pk")
        return self.filter(Q(run__in=CourseRun.objects.visible_to(user)) | Q(pk__in=guests))

    def taking_place(self) -> "SessionQuerySet":
        """Return those that were not cancelled, of classes that were not."""
        held = self.filter(cancelled_at__isnull=True)
        return held.exclude(run__status=RunStatus.CANCELLED)

    def manageable_by(self, user: User) -> "SessionQuerySet":
        """Return sessions whose roll one may take."""
        return self.filter(run__in=CourseRun.objects.manageable_by(user))

    def on_roll_of(self, user: User) -> "SessionQuerySet":
        """Return the same, with `shows_everybody`: whether the roll shows the whole class to this
        person, or those from the own area alone.
        """
        rows = self.manageable_by(user)
        if user.scope.everywhere:
            everybody: Any = Value(True)
        else:
            everybody = Case(When(taught_by(user, "run"), then=True), default=False)
        return rows.annotate(shows_everybody=everybody)  # type: ignore[no-redef]


class Session(models.Model):
    """One meeting of a class: buổi học. Made and changed by `attendance.domain.sessions.scheduling`."""

    run = models.ForeignKey(CourseRun, models.PROTECT, related_name="sessions")
    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    room = models.CharField(_("room"), max_length=100, blank=True)
    # None: nobody has said, and nobody is warned.
    seats = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    module = models.ForeignKey(
        ModulePage,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("module"),
    )
    # Trainers of the class who teach this session; empty: all of them. No right hangs on it.
    trainers = models.ManyToManyField(
        User, related_name="+", blank=True, verbose_name=_("trainers of the session")
    )
    # Together; nobody's hours.
    break_minutes = models.PositiveSmallIntegerField(_("breaks (minutes)"), default=0)
    is_required = models.BooleanField(_("counts for completion"), default=True)
    # When its hours began to count: not before it has ended. Set by `attendance.domain.hours.counting`.
    counted_at = models.DateTimeField(_("counted at"), null=True, blank=True, editable=False)
    # Its name in everybody's calendar, for good, whatever address the suite has.
    calendar_uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    # Grows with each change that a calendar shows: it keeps the highest (RFC 5545, SEQUENCE).
    revision = models.PositiveSmallIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    #: Added by `on_roll_of`.
    shows_everybody: bool

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["run", "starts_at"],
                condition=Q(cancelled_at__isnull=True),
                name="session_start_once_per_run",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancel_reason="")
                | Q(cancelled_at__isnull=False) & ~Q(cancel_reason=""),
                name="session_cancelled_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(seats__isnull=True) | Q(seats__gt=0), name="session_has_some_seats"
            ),
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
        """Length in whole minutes, breaks taken off: what can be attended."""
        return whole_minutes(self.starts_at, self.ends_at, self.break_minutes)

    @property
    def venue(self) -> str:
        """The house, as a map is asked for it; needs `run`."""
        return self.place or self.run.place

    @property
    def where(self) -> str:
        """House and room; needs `run`."""
        return f"{self.venue}, {self.room}" if self.room else self.venue

    @property
    def trainer_ids(self) -> frozenset[int]:
        """Who of the class's trainers teaches it, empty: all; lists fetch `trainers` before."""
        return frozenset(trainer.pk for trainer in self.trainers.all())
