"""What the purge of personal data leaves behind: whom it made anonymous, and what it did when."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.core.display import vi_date

if TYPE_CHECKING:
    from lms.accounts.models.people import User


class Anonymisation(models.Model):
    """A record that no longer says who the person was (`accounts.personal_data.domain.anonymise`)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="anonymisation"
    )
    done_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user_id}"


class PurgeRunQuerySet(models.QuerySet["PurgeRun"]):
    def visible_to(self, user: "User") -> "PurgeRunQuerySet":
        """Return all for administrators of a province: these are figures of the whole."""
        return self if user.scope.administers_province else self.none()


class PurgeRun(models.Model):
    """One run of the purge: how many rows by rule. Without an end: it was stopped on the way."""

    started_at = models.DateTimeField(_("begun at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    # How many rows, by the key of the rule.
    counts = models.JSONField(default=dict)

    objects = PurgeRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("purge of personal data")
        verbose_name_plural = _("purges of personal data")
        ordering: ClassVar = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return vi_date(self.started_at)

    @property
    def total(self) -> int:
        return sum(self.counts.values())
