"""What courses put into the bar on top."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import Role
from lms.core.navigation import NavigationItem, navigation


def has_no_role(user: Any) -> bool:
    """A trainee. Staff who attend a class find the way from the list of classes."""
    return not has_role(user)


def has_role(user: Any) -> bool:
    return bool(user.scope.has_role(*Role))


def writes_lessons(user: Any) -> bool:
    return bool(user.scope.has_role(Role.TRAINER, Role.ADMINISTRATOR))


def register_navigation() -> None:
    """Called once, when the app is ready."""
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
            is_visible=has_role,
        )
    )
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
