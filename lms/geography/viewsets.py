"""The official list of units in the Wagtail admin: to look at, never to edit."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from lms.geography.domain.queries import as_listed, former_codes
from lms.geography.enums import Extent
from lms.geography.models import AdministrativeUnit
from lms.scoped_admin.views import ScopedFilterSet, ScopedIndexView
from lms.scoped_admin.viewsets import ScopedModelViewSet


class UnitFilterSet(ScopedFilterSet):
    class Meta:
        model = AdministrativeUnit
        fields = ("edition", "level")


class UnitIndexView(ScopedIndexView):
    """Its files are lists of units as the import of boundary editions takes them in."""

    export_headings: ClassVar = {
        "edition.code": _("Edition code"),
        "edition.valid_from": _("Edition valid from"),
        "edition.valid_to": _("Edition valid to"),
        "edition.legal_basis": _("Legal basis"),
        "districts": _("Number of districts"),
        "communes": _("Number of communes"),
        "level": _("Unit level"),
        "code": _("Unit code"),
        "kind": _("Unit type"),
        "name": _("Unit name"),
        "parent_code": _("Parent unit code"),
        "whole_from": _("Formed from whole former units"),
        "part_from": _("Formed from parts of former units"),
        "display_name": _("Name with district"),
    }

    def get_base_queryset(self) -> models.QuerySet:
        units = super().get_base_queryset().select_related("edition")
        return as_listed(units) if self.is_export else units

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        item.whole_from = former_codes(unit=item, extent=Extent.WHOLE)
        item.part_from = former_codes(unit=item, extent=Extent.PART)
        return super().to_row_dict(item)


class UnitViewSet(ScopedModelViewSet):
    """Roles are the accounts' business: they are given when the viewset is registered."""

    model = AdministrativeUnit
    name = "units"
    icon = "lms-map-pin"
    menu_name = "places"
    menu_label = _("Places")
    menu_order = 900
    add_to_settings_menu = True
    index_view_class = UnitIndexView
    filterset_class = UnitFilterSet
    ordering = "path"
    list_display = (
        "display_name",
        Column("code", label=_("GSO code")),
        Column("get_level_display", label=_("Level")),
        Column("edition", label=_("Boundary edition")),
    )
    folded_search_fields = ("search_text",)
    inspect_view_fields = ("display_name", "code", "level", "kind", "name", "edition")
    list_export = tuple(UnitIndexView.export_headings)
