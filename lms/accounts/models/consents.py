"""What people, or their guardians, have agreed to: from which day until which."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import ConsentGiver, ConsentPurpose
from lms.core.display import vi_date

if TYPE_CHECKING:
    from lms.accounts.models.people import User


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self, purpose: str) -> "ConsentQuerySet":
        """Return those to this that were not withdrawn: at most one of a person."""
        return self.filter(purpose=purpose, withdrawn_on=None)

    def visible_to(self, user: "User") -> "ConsentQuerySet":
        """Return those of the people one may see."""
        return self.filter(user__in=_people().visible_to(user).values("pk"))

    def manageable_by(self, user: "User") -> "ConsentQuerySet":
        """Return those of the people whose record one may change."""
        return self.filter(user__in=_people().manageable_by(user).values("pk"))


def _people() -> Any:
    people: Any = get_user_model()
    return people.objects


class Consent(models.Model):
    """A consent as it was given; never changed and never deleted but by the undo of its import.

    `accounts.register.domain.consents` records it, and writes the day of a withdrawal once.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="consents",
        verbose_name=_("person"),
    )
    purpose = models.CharField(_("consent to"), max_length=20, choices=ConsentPurpose.choices)
    giver = models.CharField(_("given by"), max_length=10, choices=ConsentGiver.choices)
    guardian = models.CharField(_("guardian"), max_length=150, blank=True)
    given_on = models.DateField(_("day of consent"))
    kept_at = models.CharField(_("where the paper is kept"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawal recorded by"),
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering: ClassVar = ["-given_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(giver=ConsentGiver.GUARDIAN) & ~Q(guardian="")
                | Q(giver=ConsentGiver.SELF, guardian=""),
                name="consent_of_guardian_has_name",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_withdrawn_after_given",
            ),
            models.UniqueConstraint(
                fields=["user", "purpose"],
                condition=Q(withdrawn_on=None),
                name="consent_in_force_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({vi_date(self.given_on)})"
