"""What a programme wants to reach: the figures that a report compares with."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Programme
from courses.permissions import PLANNERS
from lms.accounts.enums import Cadre
from lms.accounts.models import User
from lms.geography.models import AdministrativeUnit
from lms.reporting.tally_models import (
    CompletionTally,
    TallyColumn,
    TallyDue,
    TallyLimit,
    TallyState,
)

__all__ = [
    "CompletionTally",
    "CoverageTarget",
    "CoverageTargetQuerySet",
    "TallyColumn",
    "TallyDue",
    "TallyLimit",
    "TallyState",
]


class CoverageTargetQuerySet(models.QuerySet["CoverageTarget"]):
    def visible_to(self, user: User) -> "CoverageTargetQuerySet":
        return self.filter(user.scope.units_q("unit"))

    def manageable_by(self, user: User) -> "CoverageTargetQuerySet":
        """Return those of the units that one plans for: nobody else sets what is asked of them."""
        return self.filter(user.scope.units_q("unit", PLANNERS))


class CoverageTarget(models.Model):
    """How many people of a unit a programme wants to train, and when the unit counts as done.

    `cadre` "": all that the programme trains. `people` None: whoever holds such a post. A unit is done
    when `percent` of the people have completed, or `each_commune` in each of its communes: one of
    the two is set. `lms.reporting.domain.targets` checks and writes.
    """

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="targets", verbose_name=_("programme")
    )
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="targets", verbose_name=_("unit")
    )
    cadre = models.CharField(_("cadre"), max_length=20, choices=Cadre.choices, blank=True)
    people = models.PositiveIntegerField(
        _("number of people"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    percent = models.PositiveSmallIntegerField(
        _("percentage who must complete"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    each_commune = models.PositiveSmallIntegerField(
        _("people who must complete in each commune"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )

    objects = CoverageTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage target")
        verbose_name_plural = _("coverage targets")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "unit", "cadre"], name="target_once_per_unit_and_cadre"
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=False) ^ Q(each_commune__isnull=False),
                name="target_has_one_threshold",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__range=(1, 100)),
                name="target_percent_in_range",
            ),
            models.CheckConstraint(
                condition=(Q(people__isnull=True) | Q(people__gte=1))
                & (Q(each_commune__isnull=True) | Q(each_commune__gte=1)),
                name="target_asks_for_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)
