"""What reports add to the Wagtail admin."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from lms.reporting.dashboard import CompletionNow
from lms.reporting.domain.snapshots import APPROVE_ACTION, DRAFT_ACTION, WITHDRAW_ACTION
from lms.reporting.viewsets import RequirementViewSet, ScheduleViewSet, TargetViewSet
from lms.scoped_admin.dashboard import register_dashboard_panel
from lms.scoped_admin.viewsets import ScopedModelViewSet

register_dashboard_panel(CompletionNow)


class ReportMenuItem(MenuItem):
    """A report of the site, for those who oversee a unit."""

    def is_shown(self, request: Any) -> bool:
        return bool(request.user.scope.oversees)


@hooks.register("register_reports_menu_item")
def register_completion() -> MenuItem:
    url = reverse("reporting:completion")
    return ReportMenuItem(_("Completion"), url, "completion", icon_name="lms-certificate", order=10)


@hooks.register("register_reports_menu_item")
def register_quality() -> MenuItem:
    url = reverse("reporting:quality")
    return ReportMenuItem(_("Data to put right"), url, "data-quality", icon_name="edit", order=20)


@hooks.register("register_admin_viewset")
def register_lists() -> list[ScopedModelViewSet]:
    return [RequirementViewSet(), ScheduleViewSet(), TargetViewSet()]


@hooks.register("register_reports_menu_item")
def register_frozen_reports() -> MenuItem:
    url = reverse("reporting:snapshots")
    return ReportMenuItem(
        _("Frozen reports"), url, "frozen-reports", icon_name="doc-full", order=30
    )


@hooks.register("register_log_actions")
def register_report_actions(actions: Any) -> None:
    actions.register_action(DRAFT_ACTION, _("Draft a report"), _("Report drafted"))
    actions.register_action(APPROVE_ACTION, _("Approve a report"), _("Report approved"))
    actions.register_action(WITHDRAW_ACTION, _("Withdraw a report"), _("Report withdrawn"))
