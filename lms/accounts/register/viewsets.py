"""Roles in the Wagtail admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from lms.accounts.enums import Role
from lms.accounts.models import RoleAssignment
from lms.accounts.register.forms.people import RoleForm
from lms.accounts.register.views.roles import RoleDeleteView, RoleFilterSet, RoleIndexView
from lms.scoped_admin.viewsets import ScopedModelViewSet


class RoleViewSet(ScopedModelViewSet):
    """Who watches over which area. A role is given and withdrawn, never edited."""

    model = RoleAssignment
    name = "roles"
    icon = "key"
    menu_name = "roles"
    menu_label = _("Roles")
    menu_order = 800
    add_to_settings_menu = True
    change_scope_method = "manageable_by"
    view_roles = (Role.ADMINISTRATOR, Role.MONITOR)
    add_roles = delete_roles = (Role.ADMINISTRATOR,)
    index_view_class = RoleIndexView
    delete_view_class = RoleDeleteView
    filterset_class = RoleFilterSet
    folded_search_fields = ("user__search_text", "unit__search_text")
    list_display = (
        "user",
        Column("role", label=_("Role"), accessor="get_role_display"),
        Column("unit", label=_("Unit")),
    )
    further_columns = (Column("staff_code", label=_("Staff code"), accessor="user.staff_code"),)
    inspect_view_fields = ("user", "role", "unit")

    def get_form_class(self, **kwargs: Any) -> Any:
        return RoleForm
