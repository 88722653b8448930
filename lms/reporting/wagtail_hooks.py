"""What reports add to the Wagtail admin."""

from wagtail import hooks

from lms.reporting.viewsets import TargetViewSet
from lms.scoped_admin.viewsets import ScopedModelViewSet


@hooks.register("register_admin_viewset")
def register_targets() -> list[ScopedModelViewSet]:
    return [TargetViewSet()]
