"""The rules of reminders in the Wagtail admin: the list, the form, and what a rule would do."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.widgets.button import Button, HeaderButton

from lms.notifications.domain.forecast import DAYS, Forecast, forecast
from lms.notifications.domain.switching import switch_rule
from lms.notifications.domain.texts import placeholders_of
from lms.notifications.enums import RULE_ROLES
from lms.notifications.extensions import reminder_kinds
from lms.notifications.labels import (
    audience_facts,
    audience_label,
    kind_label,
    rule_label,
    way_label,
    when_label,
)
from lms.notifications.models import ReminderRule
from lms.scoped_admin.pages import ActionPage
from lms.scoped_admin.views import ScopedCreateView, ScopedEditView, ScopedIndexView

PREVIEW = "reminder_rules:preview"


def manageable(request: Any) -> Any:
    """Return the rules that the reader may change."""
    return ReminderRule.objects.manageable_by(request.user)


class RuleIndexView(ScopedIndexView):
    def get_base_queryset(self) -> models.QuerySet:
        return super().get_base_queryset().select_related("unit")

    @cached_property
    def columns(self) -> list[Column]:
        title_class = self._get_title_column_class(TitleColumn)
        return [
            title_class(
                "kind",
                label=_("Kind of reminder"),
                accessor=rule_label,
                get_url=lambda rule: reverse(PREVIEW, args=(rule.pk,)),
            ),
            Column("lead", label=_("When"), accessor=when_label),
            Column("unit", label=_("For whom"), accessor=audience_label),
            BooleanColumn("enabled", label=_("Switched on")),
        ]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons = list(super().header_more_buttons)
        if self.request.user.scope.has_role(*RULE_ROLES):
            url = reverse("reminder_rules:pause")
            buttons.append(Button(_("Pause all reminders"), url=url, icon_name="history"))
        return buttons

    def get_list_more_buttons(self, instance: object) -> list[object]:
        # The title leads to the page from which everything is done.
        return []


class PreviewMixin:
    """A form that also shows, unsaved, whom the rule would reach and what they would read."""

    template_name = "notifications/rule_form.html"
    preview: Forecast | None = None

    def held(self) -> Any:
        """Return the row that is changed; None: a new one."""
        return None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]
        view: Any = self
        view.object = self.held()
        view.form = view.get_form()
        if view.form.is_valid():
            by: Any = request.user
            self.preview = forecast(rule=view.form.instance, now=timezone.now(), by=by)
        return view.render_to_response(view.get_context_data(form=view.form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        view: Any = self
        rule = view.form.instance if getattr(view, "form", None) else view.object
        kind = reminder_kinds.get(rule.kind) if rule else None
        return super().get_context_data(  # type: ignore[misc]
            placeholders=placeholders_of(kind) if kind else {},
            **(preview_context(self.preview) if self.preview else {}),
            **kwargs,
        )

    def get_success_url(self) -> str:
        view: Any = self
        return reverse(PREVIEW, args=(view.object.pk,))


class RuleCreateView(PreviewMixin, ScopedCreateView):
    pass


class RuleEditView(PreviewMixin, ScopedEditView):
    def held(self) -> Any:
        return self.get_object()

    def get_page_subtitle(self) -> str:
        return rule_label(self.object)


class RulePreviewView(ActionPage):
    """Whom a rule would reach, by which way, at what cost; from here it is switched on and off."""

    page_title = gettext_lazy("Reminder rule")
    template_name = "notifications/rule_preview.html"
    row_name = "rule"
    permission_required = "view"
    scope_method = "visible_to"

    def scoped_rows(self) -> models.QuerySet:
        return super().scoped_rows().select_related("unit")

    def get_row_label(self) -> str:
        return rule_label(self.row)

    @cached_property
    def may_change(self) -> bool:
        return bool(manageable(self.request).filter(pk=self.row.pk).exists())

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.may_change:
            return []
        url = reverse("reminder_rules:edit", args=(self.row.pk,))
        return [HeaderButton(_("Edit"), url=url, icon_name="edit")]

    def perform(self) -> str:
        if not self.may_change:
            raise PermissionDenied
        on = "on" in self.request.POST
        switch_rule(rule=self.row, on=on, by=self.request.user)
        return _("The rule is switched on.") if on else _("The rule is switched off.")

    def get_success_url(self) -> str:
        return reverse(PREVIEW, args=(self.row.pk,))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rule: ReminderRule = self.row
        found = forecast(rule=rule, now=timezone.now(), by=self.request.user)
        facts = (
            (_("Kind of reminder"), kind_label(rule.kind)),
            (_("When"), when_label(rule)),
            *audience_facts(rule),
        )
        return super().get_context_data(
            facts=facts, may_change=self.may_change, **preview_context(found), **kwargs
        )


def preview_context(found: Forecast) -> dict[str, Any]:
    """Return what the template of a forecast shows."""
    ways = [
        {"label": way_label(key), "today": found.today[key], "in_days": found.in_days[key]}
        for key in sorted(found.in_days)
    ]
    samples = [{"way": way_label(one.way), "one": one} for one in found.samples]
    return {
        "found": found,
        "days": DAYS,
        "ways": ways,
        "samples": samples,
        "today": found.today.total(),
        "in_days": found.in_days.total(),
        "cost_today": found.cost_at_most(found.today),
        "cost": found.cost_at_most(found.in_days),
    }
