"""The register of people in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from lms.accounts.enums import OVERSIGHT_ROLES, Role
from lms.accounts.models import User
from lms.core.viewsets import ScopedModelViewSet


class PersonViewSet(ScopedModelViewSet):
    model = User
    name = "people"
    icon = "group"
    menu_label = _("People")
    menu_order = 200
    add_to_admin_menu = True
    view_roles = OVERSIGHT_ROLES
    add_roles = change_roles = (Role.ADMINISTRATOR, Role.COORDINATOR)
    list_display = ("full_name", "staff_code", Column("phone", label=_("Phone")))
    folded_search_fields = ("search_text",)
    form_fields = ("full_name", "staff_code")
    list_export = ("full_name", "staff_code", "phone")
    inspect_view_fields = ("full_name", "staff_code", "phone")
