"""Purges of personal data, in the Wagtail admin."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn

from lms.accounts.enums import Role
from lms.accounts.models import PurgeRun
from lms.accounts.personal_data.views.retention import RetentionRulesView
from lms.scoped_admin.viewsets import ScopedModelViewSet


class RetentionViewSet(ScopedModelViewSet):
    """The menu leads to the rules; the list is that of the runs. A purge is begun by command."""

    model = PurgeRun
    name = "retention"
    icon = "bin"
    menu_name = "retention"
    menu_label = _("Data retention")
    menu_order = 820
    add_to_settings_menu = True
    view_roles = (Role.ADMINISTRATOR,)
    inspect_view_enabled = False
    ordering = "-started_at"
    list_display = (
        DateColumn("started_at", label=_("Started at")),
        DateColumn("finished_at", label=_("Finished at")),
        Column("total", label=_("Rows purged")),
    )

    @property
    def menu_url(self) -> str:
        return reverse("retention:rules")

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        class ProvinceMenuItem(MenuItem):
            def is_shown(self, request: HttpRequest) -> bool:
                reader = request.user
                return bool(reader.is_active and reader.scope.administers_province)

        return ProvinceMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        rules = self.construct_view(RetentionRulesView, scope_method=self.scope_method)
        return [*super().get_urlpatterns(), path("rules/", rules, name="rules")]
