"""Boundary editions in the Wagtail admin: put to use, never edited."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from lms.accounts.boundary_changes.views import (
    EditionInspectView,
    UseEditionView,
    WaitingUnitView,
    WaitingView,
)
from lms.accounts.enums import MANAGING_ROLES, Role
from lms.geography.models import BoundaryEdition
from lms.scoped_admin.columns import DayColumn
from lms.scoped_admin.viewsets import ScopedModelViewSet


class EditionViewSet(ScopedModelViewSet):
    """Administrators of the province see and use them; who keeps people decides on what waits."""

    model = BoundaryEdition
    name = "editions"
    icon = "lms-map-pin"
    menu_name = "editions"
    menu_label = _("Boundary editions")
    menu_order = 910
    add_to_settings_menu = True
    scope_method = "manageable_by"
    view_roles = (Role.ADMINISTRATOR,)
    act_roles = MANAGING_ROLES
    pages: ClassVar = {
        "use": ("use/<int:pk>/", UseEditionView),
        "waiting": ("waiting/", WaitingView),
        "waiting_unit": ("waiting/<int:pk>/", WaitingUnitView),
    }
    inspect_view_class = EditionInspectView
    ordering = "-valid_from"
    list_display = (
        "code",
        Column("province_name", label=_("Province")),
        DayColumn("valid_from", label=_("valid from")),
        DayColumn("in_use_from", label=_("in use from")),
    )
