"""What people ask to have corrected in their own record."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import CorrectionItem, CorrectionState

if TYPE_CHECKING:
    from lms.accounts.models.people import User


class CorrectionRequestQuerySet(models.QuerySet["CorrectionRequest"]):
    def waiting(self) -> "CorrectionRequestQuerySet":
        return self.filter(state=CorrectionState.OPEN)

    def visible_to(self, user: "User") -> "CorrectionRequestQuerySet":
        """Return the own ones and those one may answer."""
        return self.filter(Q(user=user) | Q(user__in=_manageable(user)))

    def manageable_by(self, user: "User") -> "CorrectionRequestQuerySet":
        """Return those of people whose record one may change."""
        return self.filter(user__in=_manageable(user))


def _manageable(user: "User") -> Any:
    people: Any = get_user_model()
    return people.objects.manageable_by(user).values("pk")


class CorrectionRequest(models.Model):
    """One thing that a person wants put right: asked, answered and withdrawn by
    `accounts.personal_data.domain.corrections`.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="correction_requests",
        verbose_name=_("person"),
    )
    item = models.CharField(_("what is wrong"), max_length=15, choices=CorrectionItem.choices)
    wanted = models.CharField(_("what it should be"), max_length=200)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=CorrectionState.choices,
        default=CorrectionState.OPEN,
    )
    asked_at = models.DateTimeField(_("requested at"), default=timezone.now)
    decided_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    # Why it was refused: read by the person.
    answer = models.CharField(_("answer given"), max_length=300, blank=True)

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction request")
        verbose_name_plural = _("correction requests")
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "item"],
                condition=Q(state=CorrectionState.OPEN),
                name="correction_open_once_per_item",
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.OPEN, decided_at__isnull=True)
                | (~Q(state=CorrectionState.OPEN) & Q(decided_at__isnull=False)),
                name="correction_answered_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.REFUSED) | ~Q(answer=""),
                name="correction_refused_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_item_display()}: {self.wanted}"
