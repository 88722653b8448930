"""What reports add to the Wagtail admin."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from lms.reporting.dashboard import CompletionNow
from lms.reporting.viewsets import RequirementViewSet, TargetViewSet
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
    return [RequirementViewSet(), TargetViewSet()]
