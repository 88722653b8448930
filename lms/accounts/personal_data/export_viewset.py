"""The log of exports in the Wagtail admin: who took out which list, when, and how it was chosen."""

from functools import partial
from typing import Any

import django_filters
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.ui.tables import Column

from lms.accounts.enums import Role
from lms.accounts.models import Export, User
from lms.core.audit_log import export_title
from lms.core.readers import Reader
from lms.scoped_admin.columns import DayColumn
from lms.scoped_admin.views import ScopedFilterSet, ScopedIndexView
from lms.scoped_admin.viewsets import ScopedModelViewSet
from lms.spreadsheets.about import words_of
from lms.spreadsheets.tables import FileFormat


def list_choices(user: User) -> list[tuple[str, str]]:
    """Return each list whose exports the person may see, by the name it had last."""
    rows = Export.objects.visible_to(user).order_by("timestamp")
    named = rows.values_list("data__list", "data__title").distinct()
    titles = {key: str(title or key) for key, title in named}
    return sorted(titles.items(), key=lambda pair: pair[1])


class ExportFilterSet(ScopedFilterSet):
    taken_on = django_filters.DateFromToRangeFilter(
        label=_("Downloaded at"), field_name="timestamp", widget=DateRangePickerWidget
    )
    list = django_filters.ChoiceFilter(label=_("List"), field_name="data__list")
    format = django_filters.ChoiceFilter(
        label=_("Format"),
        field_name="data__format",
        choices=[*FileFormat.choices, ("pdf", "PDF"), ("gift", "GIFT")],
    )

    class Meta:
        model = Export
        fields = ("taken_on", "list", "format")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["list"].extra["choices"] = partial(list_choices, self.request.user)


class ExportIndexView(ScopedIndexView):
    def get_base_queryset(self) -> models.QuerySet:
        # A file of this list is itself an entry, which it does not hold: the screen has not either.
        before = super().get_base_queryset().filter(timestamp__lt=timezone.now())
        return before.select_related("user")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            DayColumn("timestamp", label=_("Downloaded at"), form="time", sort_key="timestamp"),
            Column("list", label=_("List"), accessor=_title_of),
            Column("by", label=_("Downloaded by"), accessor="user"),
            Column("staff_code", label=_("Staff code"), accessor="user.staff_code"),
            Column("rows", label=_("Rows"), accessor="data.rows"),
            Column("format", label=_("Format"), accessor=_format_of),
            Column("chosen", label=_("Filters used"), accessor=_filter_of),
        ]

    def get_list_more_buttons(self, instance: models.Model) -> list[Any]:
        return []


class ExportViewSet(ScopedModelViewSet):
    """Looked at, never changed; kept as long as the history of people (`log` of the retention)."""

    model = Export
    name = "exports"
    icon = "download"
    menu_name = "exports"
    menu_label = _("Downloaded lists")
    menu_order = 815
    add_to_settings_menu = True
    view_roles = (Role.ADMINISTRATOR, Role.MONITOR)
    index_view_class = ExportIndexView
    inspect_view_enabled = False
    filterset_class = ExportFilterSet
    folded_search_fields = ("user__search_text",)
    ordering = "-timestamp"
    export_filename = "so-tai-danh-sach"

    def shows_menu_item_to(self, user: Reader) -> bool:
        return super().shows_menu_item_to(user) and user.scope.reaches_province(self.view_roles)


def _title_of(export: Any) -> str:
    return export_title(export.data)


def _format_of(export: Any) -> str:
    return str(export.data["format"]).upper()


def _filter_of(export: Any) -> str:
    return words_of(export.data.get("chosen") or export.data["filters"])
