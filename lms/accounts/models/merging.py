"""Two records of one person: told apart, or made one, with what it takes to part them again."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from lms.accounts.models.people import User

UNDO_DAYS = timedelta(days=30)


class DismissedDuplicate(models.Model):
    """Somebody looked at these two and said that they are not the same person."""

    first = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("dismissed duplicate")
        verbose_name_plural = _("dismissed duplicates")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="different_people_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="different_people_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}, {self.second_id}"


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, user: "User") -> "MergeQuerySet":
        """Return merges of people whom one may see."""
        return self.filter(kept__in=_people().visible_to(user).values("pk"))

    def manageable_by(self, user: "User") -> "MergeQuerySet":
        """Return merges of people whose record one may change."""
        return self.filter(kept__in=_people().manageable_by(user).values("pk"))


def _people() -> Any:
    people: Any = get_user_model()
    return people.objects


class Merge(models.Model):
    """Two records made one by `accounts.merging.domain.merge.merge`, parted again by `unmerge`.

    `moves` are the rows that were changed, in order, each with its old and new values; `left`
    are sentences about what stayed as it was, at the merge and then at the undo.
    """

    kept = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="merges", verbose_name=_("person")
    )
    closed = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="merged_by",
        verbose_name=_("closed record"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("merged by")
    )
    merged_at = models.DateTimeField(_("merged at"), default=timezone.now)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    moves = models.JSONField(default=list)
    left = models.JSONField(default=list)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of two records")
        verbose_name_plural = _("merges of records")
        ordering: ClassVar = ["-merged_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(kept=F("closed")), name="merge_of_two_people"),
            models.UniqueConstraint(
                fields=["closed"], condition=Q(undone_at=None), name="merge_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.closed} → {self.kept}"

    @property
    def undo_until(self) -> datetime:
        return self.merged_at + UNDO_DAYS
