"""What accounts add to the Wagtail admin."""

from wagtail import hooks

from lms.accounts.viewsets import PersonViewSet


@hooks.register("register_admin_viewset")
def register_people() -> PersonViewSet:
    return PersonViewSet()
