"""Records that were made one, and those that may have to be, in the Wagtail admin."""

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn

from lms.accounts.enums import OVERSIGHT_ROLES, Role
from lms.accounts.merging.views import (
    MergeIndexView,
    MergeInspectView,
    MergePeopleView,
    TwinsView,
    UnmergeView,
)
from lms.accounts.models import Merge
from lms.scoped_admin.viewsets import ScopedModelViewSet


class MergeViewSet(ScopedModelViewSet):
    """The list of merges; the menu leads to the suspected twins. Nothing here is edited."""

    model = Merge
    name = "merges"
    icon = "group"
    menu_name = "twins"
    menu_label = _("Possible duplicates")
    menu_order = 810
    add_to_settings_menu = True
    change_scope_method = "manageable_by"
    view_roles = OVERSIGHT_ROLES
    merging_roles = (Role.ADMINISTRATOR, Role.COORDINATOR)
    index_view_class = MergeIndexView
    inspect_view_class = MergeInspectView
    ordering = "-merged_at"
    list_display = (
        "kept",
        Column("kept_code", label=_("Staff code"), accessor="kept.staff_code"),
        Column("closed_code", label=_("Closed record"), accessor="closed.staff_code"),
        Column("by", label=_("Merged by")),
        DateColumn("merged_at", label=_("Merged at")),
        DateColumn("undone_at", label=_("Undone at")),
    )

    @cached_property
    def permission_policy(self) -> Any:
        policy = super().permission_policy
        # Only the pages of this viewset ask for it: there is no form that changes a merge.
        policy.roles = {**policy.roles, "change": self.merging_roles}
        return policy

    @property
    def menu_url(self) -> str:
        return reverse("merges:twins")

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        policy = self.permission_policy

        class MergingMenuItem(MenuItem):
            def is_shown(self, request: Any) -> bool:
                return policy.user_has_permission(request.user, "change")

        return MergingMenuItem

    def offers(self, view_name: str) -> bool:
        return view_name not in ("edit", "history", "history_results") and super().offers(view_name)

    def get_urlpatterns(self) -> list[URLPattern]:
        people = {"scope_method": "manageable_by", "model": TwinsView.model}
        merges = {"scope_method": "manageable_by"}
        return [
            *super().get_urlpatterns(),
            path("twins/", self.construct_view(TwinsView, **people), name="twins"),
            path(
                "people/<int:pk>/<int:other_pk>/",
                self.construct_view(MergePeopleView, **people),
                name="merge",
            ),
            path("undo/<int:pk>/", self.construct_view(UnmergeView, **merges), name="undo"),
        ]
