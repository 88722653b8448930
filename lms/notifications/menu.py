"""What the bar on top offers whoever is the one to call."""

from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.core.navigation import NavigationItem, navigation


def calls_people(user: User) -> bool:
    """Return whether calling is this person's task; others find the list on their front page."""
    return bool(user.scope.has_role(Role.FOCAL_POINT))


def register_navigation() -> None:
    """Register what the app adds; called once, when the app is ready."""
    navigation.register(
        NavigationItem(
            key="calls",
            label=_("Call list"),
            url_name="notices:call_list",
            icon="phone",
            order=37,
            is_visible=calls_people,
        )
    )
