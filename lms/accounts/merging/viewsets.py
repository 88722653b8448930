"""Records that were made one, and those that may have to be, in the Wagtail admin."""

from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn

from lms.accounts.enums import OVERSIGHT_ROLES, Role
from lms.accounts.merging.views import (
    DuplicatesView,
    MergeIndexView,
    MergeInspectView,
    MergePeopleView,
    UnmergeView,
)
from lms.accounts.models import Merge
from lms.scoped_admin.viewsets import ScopedModelViewSet


class MergeViewSet(ScopedModelViewSet):
    """The list of merges; the menu leads to the possible duplicates. Nothing here is edited."""

    model = Merge
    name = "merges"
    icon = "group"
    menu_name = "duplicates"
    menu_label = _("Possible duplicates")
    menu_order = 810
    add_to_settings_menu = True
    change_scope_method = "manageable_by"
    view_roles = OVERSIGHT_ROLES
    act_roles = (Role.ADMINISTRATOR, Role.COORDINATOR)
    menu_permission = "act"
    pages: ClassVar = {
        "duplicates": ("duplicates/", DuplicatesView),
        "merge": ("people/<int:pk>/<int:other_pk>/", MergePeopleView),
        "undo": ("undo/<int:pk>/", UnmergeView),
    }
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

    @property
    def menu_url(self) -> str:
        return reverse("merges:duplicates")
