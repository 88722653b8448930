"""Corrections that people ask for, in the Wagtail admin."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn

from lms.accounts.enums import MANAGING_ROLES
from lms.accounts.models import CorrectionRequest
from lms.accounts.personal_data.views.corrections import (
    CorrectionDecideView,
    CorrectionIndexView,
    CorrectionInspectView,
    held_now,
)
from lms.scoped_admin.views import ScopedFilterSet
from lms.scoped_admin.viewsets import ScopedModelViewSet


class CorrectionFilterSet(ScopedFilterSet):
    class Meta:
        model = CorrectionRequest
        fields: ClassVar = ["state", "item"]


class CorrectionViewSet(ScopedModelViewSet):
    """Requests of people whose record one keeps: applied or refused, never edited."""

    model = CorrectionRequest
    name = "corrections"
    icon = "edit"
    menu_name = "corrections"
    menu_label = _("Correction requests")
    menu_order = 205
    add_to_settings_menu = True
    scope_method = "manageable_by"
    view_roles = act_roles = MANAGING_ROLES
    pages: ClassVar = {"decide": ("decide/<int:pk>/", CorrectionDecideView)}
    index_view_class = CorrectionIndexView
    inspect_view_class = CorrectionInspectView
    filterset_class = CorrectionFilterSet
    folded_search_fields = ("user__search_text",)
    ordering = "-asked_at"
    list_display = (
        "user",
        Column("staff_code", label=_("Staff code"), accessor="user.staff_code"),
        Column("item", label=_("What is wrong"), accessor="get_item_display"),
        Column("held", label=_("Stored now"), accessor=held_now),
        Column("wanted", label=_("Asked for")),
        DateColumn("asked_at", label=_("Requested at")),
        Column("state", label=_("State"), accessor="get_state_display"),
    )
