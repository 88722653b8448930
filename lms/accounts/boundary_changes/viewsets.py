"""Boundary editions in the Wagtail admin: put to use, never edited."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from lms.accounts.boundary_changes.views import (
    EditionInspectView,
    UseEditionView,
    WaitingUnitView,
    WaitingView,
)
from lms.accounts.enums import MANAGING_ROLES, Role
from lms.accounts.models import Posting
from lms.core.display import vi_date
from lms.geography.models import BoundaryEdition
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
    inspect_view_class = EditionInspectView
    ordering = "-valid_from"
    list_display = (
        "code",
        Column("province_name", label=_("Province")),
        Column("from", label=_("valid from"), accessor=lambda one: vi_date(one.valid_from)),
        Column("used", label=_("in use from"), accessor=lambda one: vi_date(one.in_use_from)),
    )

    @cached_property
    def permission_policy(self) -> Any:
        policy = super().permission_policy
        # Only the pages of this viewset ask for it: there is no form that changes an edition.
        policy.roles = {**policy.roles, "change": MANAGING_ROLES}
        return policy

    def offers(self, view_name: str) -> bool:
        return view_name not in ("edit", "history", "history_results") and super().offers(view_name)

    def get_urlpatterns(self) -> list[URLPattern]:
        waiting = {"model": Posting}
        return [
            *super().get_urlpatterns(),
            path("use/<int:pk>/", self.construct_view(UseEditionView), name="use"),
            path("waiting/", self.construct_view(WaitingView, **waiting), name="waiting"),
            path(
                "waiting/<int:pk>/",
                self.construct_view(WaitingUnitView, **waiting),
                name="waiting_unit",
            ),
        ]
