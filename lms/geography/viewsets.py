"""The official list of units in the Wagtail admin: to look at, never to edit."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from lms.geography.domain.queries import as_listed
from lms.geography.models import AdministrativeUnit
from lms.geography.resources import BoundaryResource
from lms.scoped_admin.views import ScopedFilterSet, ScopedIndexView
from lms.scoped_admin.viewsets import ScopedModelViewSet


class UnitFilterSet(ScopedFilterSet):
    class Meta:
        model = AdministrativeUnit
        fields = ("edition", "level")


class UnitIndexView(ScopedIndexView):
    """Its files are lists of units as the import of boundary editions takes them in."""

    def get_base_queryset(self) -> models.QuerySet:
        units = super().get_base_queryset().select_related("edition")
        return as_listed(units) if self.is_export else units


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
    resource_class = BoundaryResource
    list_display = (
        "display_name",
        Column("code", label=_("Unit code")),
        Column("get_level_display", label=_("Unit level")),
        Column("edition", label=_("Boundary edition")),
    )
    folded_search_fields = ("search_text",)
    inspect_view_fields = ("display_name", "code", "level", "kind", "name", "edition")
