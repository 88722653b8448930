"""What one person writes to a group, once."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import User
from lms.announcements.enums import SUBJECT_LENGTH, TEXT_LENGTH
from lms.geography.models import AdministrativeUnit
from lms.notifications.enums import ReminderState
from lms.notifications.models import Reminder


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def visible_to(self, user: User) -> "AnnouncementQuerySet":
        """Return the own ones, and those to groups of a unit that one oversees."""
        return self.filter(Q(author=user) | user.scope.units_q("unit"))

    def waiting(self) -> "AnnouncementQuerySet":
        """Return those that have not gone out and still shall."""
        return self.filter(published_at=None, withdrawn_at=None)

    def tell_leaving(self) -> "AnnouncementQuerySet":
        """Add `is_leaving`: whether some of its messages have still to go out."""
        rows = AnnouncementRecipient.objects.filter(announcement=models.OuterRef("pk"))
        left = rows.filter(reminder__state=ReminderState.PLANNED)
        return self.annotate(is_leaving=models.Exists(left))


class Announcement(models.Model):
    """Written by `announcements.domain.writing`; goes out once, by `announcements.domain.publishing`.

    Each recipient is a `Reminder` like any other: planned, claimed, handed over at most once.
    """

    author = models.ForeignKey(
        User, models.PROTECT, related_name="announcements", verbose_name=_("author")
    )
    # Of the form it was written in: a second press finds the first.
    token = models.UUIDField(unique=True, editable=False)
    # By what the group is found anew: no personal data.
    audience = models.CharField(_("audience"), max_length=50)
    params = models.JSONField(default=dict)
    # What the group was called when it was written.
    group = models.CharField(_("written to"), max_length=300)
    unit = models.ForeignKey(
        AdministrativeUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
    )
    run_number = models.PositiveBigIntegerField(_("class"), null=True, blank=True)
    # Written by a press on “Remind now”: to those alone who still have something to do.
    is_reminder = models.BooleanField(default=False)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    text = models.TextField(_("text"), max_length=TEXT_LENGTH)
    written_at = models.DateTimeField(_("composed at"))
    send_at = models.DateTimeField(_("to be sent at"))
    published_at = models.DateTimeField(_("sent out at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Why it did not go out by itself; empty where a person withdrew it.
    stopped_because = models.CharField(_("why it was not sent"), max_length=50, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering: ClassVar = ["-written_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["send_at"],
                condition=Q(published_at=None, withdrawn_at=None),
                name="announcement_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.subject


class AnnouncementRecipient(models.Model):
    """Who is told of an announcement, and the row that walks there."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="recipients")
    reminder = models.OneToOneField(Reminder, models.CASCADE, related_name="announced")

    class Meta:
        verbose_name = _("recipient of an announcement")
        verbose_name_plural = _("recipients of announcements")

    def __str__(self) -> str:
        return f"{self.announcement_id}: {self.reminder_id}"
