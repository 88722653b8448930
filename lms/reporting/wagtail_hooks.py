"""What reports add to the Wagtail admin."""

from wagtail import hooks

from lms.reporting.viewsets import RequirementViewSet, TargetViewSet
from lms.scoped_admin.viewsets import ScopedModelViewSet


@hooks.register("register_admin_viewset")
def register_lists() -> list[ScopedModelViewSet]:
    return [RequirementViewSet(), TargetViewSet()]
