"""What reports put into the bar on top."""

from django.utils.translation import gettext_lazy as _

from lms.accounts.models import User
from lms.core.navigation import NavigationItem, navigation


def oversees(user: User) -> bool:
    return bool(user.scope.oversees)


def register_navigation() -> None:
    """Register what the app adds; called once, when the app is ready."""
    navigation.register(
        NavigationItem(
            key="reporting.completion",
            label=_("Completion"),
            url_name="reporting:completion",
            icon="chart",
            order=5,
            is_visible=oversees,
        ),
        NavigationItem(
            key="reporting.quality",
            label=_("Data to put right"),
            url_name="reporting:quality",
            icon="warning",
            order=38,
            is_visible=oversees,
        ),
    )
