"""What accounts add to the Wagtail admin."""

from wagtail import hooks

from lms.accounts.enums import OVERSIGHT_ROLES
from lms.accounts.viewsets import PersonViewSet
from lms.geography.viewsets import UnitViewSet


@hooks.register("register_admin_viewset")
def register_people() -> PersonViewSet:
    return PersonViewSet()


@hooks.register("register_admin_viewset")
def register_units() -> UnitViewSet:
    # Here, since places know no roles.
    return UnitViewSet(view_roles=OVERSIGHT_ROLES)
