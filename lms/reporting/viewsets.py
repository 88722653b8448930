"""Targets in the Wagtail admin: who plans sets them, who oversees a unit sees its own."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column

from courses.models import ProgrammeRequirement
from courses.permissions import PLANNERS
from lms.accounts.enums import OVERSIGHT_ROLES
from lms.reporting.enums import PREPARING_ROLES
from lms.reporting.forms import CoverageTargetForm, ReportScheduleForm
from lms.reporting.labels import cadre_label, threshold_label
from lms.reporting.models import CoverageTarget, ReportSchedule
from lms.reporting.resources.requirements import RequirementResource
from lms.reporting.resources.targets import TargetResource
from lms.scoped_admin.views import ScopedFilterSet, ScopedIndexView
from lms.scoped_admin.viewsets import ScopedModelViewSet


class TargetFilterSet(ScopedFilterSet):
    class Meta:
        model = CoverageTarget
        fields = ("programme", "cadre")


class TargetIndexView(ScopedIndexView):
    def get_base_queryset(self) -> models.QuerySet:
        return super().get_base_queryset().select_related("programme", "unit")


class TargetViewSet(ScopedModelViewSet):
    model = CoverageTarget
    name = "coverage-targets"
    icon = "chart"
    menu_name = "targets"
    menu_label = _("Targets")
    menu_order = 55
    add_to_settings_menu = True
    change_scope_method = "manageable_by"
    view_roles = OVERSIGHT_ROLES
    add_roles = change_roles = delete_roles = PLANNERS
    base_form_class = CoverageTargetForm
    index_view_class = TargetIndexView
    filterset_class = TargetFilterSet
    inspect_view_enabled = False
    ordering = ("programme", "unit__path", "cadre")
    folded_search_fields = ("unit__search_text",)
    list_display = (
        Column("unit", label=_("Unit")),
        "programme",
        Column("cadre", label=_("Cadre"), accessor=cadre_label),
        "people",
        Column("threshold", label=_("Counts as done at"), accessor=threshold_label),
    )
    resource_class = TargetResource
    panels: ClassVar = [
        FieldPanel("programme"),
        FieldPanel("unit", help_text=_("A commune, a district or the whole province.")),
        FieldPanel("cadre", help_text=_("If empty, everybody whom the programme trains.")),
        FieldPanel(
            "people", help_text=_("If empty, everybody who holds such a post is to be trained.")
        ),
        FieldRowPanel(
            [FieldPanel("percent"), FieldPanel("each_commune")],
            heading=_("When the unit counts as done"),
            help_text=_("One of the two: 80 % of the people, or 2 people in each commune."),
        ),
    ]


class ScheduleViewSet(ScopedModelViewSet):
    """Who is told the figures of which periods; only those who oversee the unit can be chosen."""

    model = ReportSchedule
    name = "report-schedules"
    icon = "mail"
    menu_name = "report-schedules"
    menu_label = _("Scheduled reports")
    menu_order = 56
    add_to_settings_menu = True
    change_scope_method = "manageable_by"
    view_roles = OVERSIGHT_ROLES
    add_roles = change_roles = delete_roles = PREPARING_ROLES
    base_form_class = ReportScheduleForm
    inspect_view_enabled = False
    ordering = ("programme", "unit__path", "kind")
    list_display = (
        Column("unit", label=_("Unit")),
        "programme",
        Column("kind", label=_("Period"), accessor="get_kind_display"),
    )
    panels: ClassVar = [
        FieldPanel("programme"),
        FieldPanel("unit", help_text=_("The province or a district.")),
        FieldPanel("kind"),
        FieldPanel(
            "recipients",
            help_text=_("They get a message with figures and a link, and never a name."),
        ),
    ]


class RequirementFilterSet(ScopedFilterSet):
    class Meta:
        model = ProgrammeRequirement
        fields = ("programme", "cadre")


class RequirementIndexView(ScopedIndexView):
    def get_base_queryset(self) -> models.QuerySet:
        return super().get_base_queryset().select_related("programme", "course")


class RequirementViewSet(ScopedModelViewSet):
    """Shows what all programmes ask; it is changed in the form of the programme, or by a list."""

    model = ProgrammeRequirement
    name = "required-courses"
    icon = "list-ul"
    menu_name = "required-courses"
    menu_label = _("Required courses")
    menu_order = 52
    add_to_settings_menu = True
    view_roles = PLANNERS
    index_view_class = RequirementIndexView
    filterset_class = RequirementFilterSet
    inspect_view_enabled = False
    ordering = ("programme", "cadre", "course")
    list_display = (
        Column("course", label=_("Course")),
        Column("programme", label=_("Programme")),
        Column("cadre", label=_("Cadre"), accessor="get_cadre_display"),
    )
    resource_class = RequirementResource
