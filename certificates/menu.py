"""What certificates put into the bar on top."""

from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.core.navigation import NavigationItem, navigation


def is_trainee(user: User) -> bool:
    """Return whether the person has no role: staff find certificates in the admin,
    and their own by its address.
    """
    return not user.scope.has_role(*Role)


def register_navigation() -> None:
    """Register what the app adds; called once, when the app is ready."""
    navigation.register(
        NavigationItem(
            key="certificates",
            label=_("Certificates"),
            url_name="certificates:mine",
            icon="certificate",
            order=30,
            is_visible=is_trainee,
        )
    )
