"""What courses put into the bar on top."""

from django.utils.translation import gettext_lazy as _

from courses.permissions import AUTHORS, RUN_WATCHERS
from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.core.navigation import NavigationItem, navigation


def has_no_role(user: User) -> bool:
    """Return whether this is a trainee. Staff who attend a class find the way
    from the list of classes.
    """
    return not user.scope.has_role(*Role)


def watches_classes(user: User) -> bool:
    return bool(user.scope.has_role(*RUN_WATCHERS))


def writes_lessons(user: User) -> bool:
    return bool(user.scope.has_role(*AUTHORS))


def only_reviews(user: User) -> bool:
    """Return whether the person only reviews: whoever writes finds what waits
    for approval behind “Write lessons”.
    """
    return bool(user.scope.has_role(Role.REVIEWER)) and not writes_lessons(user)


def register_navigation() -> None:
    """Register what the app adds; called once, when the app is ready."""
    navigation.register(
        NavigationItem(
            key="my-work",
            label=_("My work"),
            url_name="courses:my_work",
            icon="home",
            order=10,
            is_visible=has_no_role,
        )
    )
    navigation.register(
        NavigationItem(
            key="classes",
            label=_("Classes"),
            url_name="courses:run_list",
            icon="users",
            order=20,
            is_visible=watches_classes,
        )
    )
    navigation.register(
        NavigationItem(
            key="search",
            label=_("Find lessons"),
            url_name="courses:search",
            icon="search",
            order=35,
            is_visible=has_no_role,
        )
    )
    _register_lessons()


def _register_lessons() -> None:
    navigation.register(
        NavigationItem(
            key="write-lessons",
            label=_("Write lessons"),
            url_name="wagtailadmin_home",
            icon="edit",
            order=40,
            is_visible=writes_lessons,
        )
    )
    navigation.register(
        NavigationItem(
            key="review-lessons",
            label=_("Approve lessons"),
            url_name="wagtailadmin_home",
            icon="edit",
            order=41,
            is_visible=only_reviews,
        )
    )
