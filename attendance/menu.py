"""What attendance puts into the bar on top."""

from django.utils.translation import gettext_lazy as _

from courses.menu import has_no_role
from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.core.navigation import NavigationItem, navigation


def takes_rolls(user: User) -> bool:
    return bool(user.scope.has_role(Role.TRAINER))


def register_navigation() -> None:
    """Register what the app adds; called once, when the app is ready."""
    navigation.register(
        NavigationItem(
            key="my-calendar",
            label=_("My calendar"),
            url_name="attendance:my_sessions",
            icon="calendar",
            order=20,
            is_visible=has_no_role,
        )
    )
    navigation.register(
        NavigationItem(
            key="sessions-today",
            label=_("Today's sessions"),
            url_name="attendance:today",
            icon="clock",
            order=30,
            is_visible=takes_rolls,
        )
    )
