"""The official list of units in the Wagtail admin: to look at, never to edit."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from lms.core.views.scoped import ScopedFilterSet, ScopedIndexView
from lms.core.viewsets import ScopedModelViewSet
from lms.geography.models import AdministrativeUnit


class UnitFilterSet(ScopedFilterSet):
    class Meta:
        model = AdministrativeUnit
        fields = ("edition", "level")


class UnitIndexView(ScopedIndexView):
    def get_base_queryset(self) -> models.QuerySet:
        return super().get_base_queryset().select_related("edition")


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
    list_export = ("edition.code", "level", "code", "display_name")
