"""The rules of reminders in the Wagtail admin."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn

from lms.notifications.labels import kind_label, lead_label
from lms.scoped_admin.views import ScopedEditView, ScopedIndexView


class RuleIndexView(ScopedIndexView):
    @cached_property
    def columns(self) -> list[Column]:
        title_class = self._get_title_column_class(TitleColumn)
        return [
            title_class(
                "kind",
                label=_("Kind of reminder"),
                accessor=lambda rule: kind_label(rule.kind),
                get_url=self.get_edit_url,
            ),
            Column(
                "lead",
                label=_("How long before"),
                accessor=lambda rule: lead_label(rule.lead_minutes),
            ),
            BooleanColumn("enabled", label=_("Switched on")),
        ]

    def get_list_more_buttons(self, instance: object) -> list[object]:
        # The title leads to the form; there is nothing else to do.
        return []


class RuleEditView(ScopedEditView):
    def get_page_subtitle(self) -> str:
        return kind_label(self.object.kind)
