"""Places have dates: each unit belongs to one edition of the official list."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from lms.core.display import vi_date
from lms.core.fields import DerivedTextField
from lms.core.readers import Reader
from lms.core.text import fold
from lms.geography.enums import Extent, Level


class BoundaryEditionQuerySet(models.QuerySet["BoundaryEdition"]):
    def visible_to(self, user: Reader) -> "BoundaryEditionQuerySet":
        """Return all: an official list is nobody's secret."""
        return self

    def manageable_by(self, user: Reader) -> "BoundaryEditionQuerySet":
        """Return all for administrators of the whole province, which an edition concerns."""
        return self if user.scope.administers_province else self.none()


class BoundaryEdition(models.Model):
    """One complete official list of units, in force from one day to another.

    Loaded by `geography.domain.loading.load_boundaries` or made of a list by
    `geography.domain.writing.add_edition`; afterwards only names, the last day and the legal basis
    are corrected. `in_use_from` is the day from which the register stands on it:
    `accounts.boundary_changes.domain.apply_edition.take_effect` sets it.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    province_name = models.CharField(_("province"), max_length=100)
    legal_basis = models.CharField(_("legal basis"), max_length=255)
    in_use_from = models.DateField(_("in use from"), null=True, blank=True, editable=False)

    objects = BoundaryEditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("boundary edition")
        verbose_name_plural = _("boundary editions")
        ordering: ClassVar = ["valid_from", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="boundary_edition_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.province_name}, {vi_date(self.valid_from)}"


class AdministrativeUnitQuerySet(MP_NodeQuerySet):
    def districts(self) -> "AdministrativeUnitQuerySet":
        return self.filter(level=Level.DISTRICT)

    def communes(self) -> "AdministrativeUnitQuerySet":
        return self.filter(level=Level.COMMUNE)

    def visible_to(self, user: Reader) -> "AdministrativeUnitQuerySet":
        """Return the units that the person's roles cover. `user` has a `scope` (accounts.scope)."""
        return self.filter(user.scope.units_q(""))


class AdministrativeUnitManager(MP_NodeManager.from_queryset(AdministrativeUnitQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> AdministrativeUnitQuerySet:
        # Treebeard's manager names its own queryset class, whatever from_queryset was told.
        return AdministrativeUnitQuerySet(self.model, using=self._db).order_by("path")


class AdministrativeUnit(MP_Node):
    """A province, district or commune of one edition. Identity is (edition, code).

    `path` is treebeard's: all units below U are those whose path starts with U's.
    """

    edition = models.ForeignKey(
        BoundaryEdition,
        models.PROTECT,
        related_name="units",
        verbose_name=_("boundary edition"),
    )
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    code = models.CharField(_("GSO code"), max_length=10)
    kind = models.CharField(_("kind"), max_length=30, help_text=_("tỉnh, huyện, xã, phường …"))
    name = models.CharField(_("name"), max_length=100)
    # Names repeat inside a province, so a commune is never shown without its district.
    display_name = models.CharField(_("name with district"), max_length=150)
    # Kind and name before they were corrected by a list: the files may go on saying them.
    first_name = models.CharField(
        _("name before it was corrected"), max_length=150, blank=True, editable=False
    )
    search_text = DerivedTextField(sources=("display_name",), derive=fold)

    objects = AdministrativeUnitManager()

    class Meta:
        verbose_name = _("administrative unit")
        verbose_name_plural = _("administrative units")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="unit_code_once_per_edition")
        ]

    def __str__(self) -> str:
        return self.display_name


class UnitSuccession(models.Model):
    """What became of a unit in the next edition."""

    from_unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="successors")
    to_unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="predecessors")
    extent = models.CharField(_("extent"), max_length=5, choices=Extent.choices)

    class Meta:
        verbose_name = _("succession of units")
        verbose_name_plural = _("successions of units")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["from_unit", "to_unit"], name="succession_once_per_pair"
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_unit_id} > {self.to_unit_id} ({self.extent})"


class UnitCover(models.Model):
    """A unit of another edition that lies wholly in this one, as far as the files tell.

    Only the uppermost such units have a row. Derived from the successions by
    `geography.domain.areas.record_areas`: a role on a unit covers its area on every map.
    """

    unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="covers")
    covered = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="covered_by")

    class Meta:
        verbose_name = _("unit within another")
        verbose_name_plural = _("units within others")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "covered"], name="cover_once_per_pair")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} > {self.covered_id}"


class UnitPlace(models.Model):
    """Where the figures of a unit stand on the map of another edition; `target` None: nowhere.

    `has_tier`: whether that map has units of this level at all. Derived from the successions by
    `geography.domain.areas.record_areas`, so that no page has to walk them.
    """

    is_derived = True

    unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="places")
    edition = models.ForeignKey(BoundaryEdition, models.CASCADE, related_name="+")
    target = models.ForeignKey(
        AdministrativeUnit, models.CASCADE, null=True, related_name="placed_here"
    )
    has_tier = models.BooleanField()

    class Meta:
        verbose_name = _("place of a unit on another map")
        verbose_name_plural = _("places of units on other maps")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "edition"], name="place_once_per_edition")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} > {self.edition_id}: {self.target_id}"
