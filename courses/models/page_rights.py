"""Who may do what to a page of a course: the one place that says so.

Wagtail's explorer, its bulk actions, the form, "unpublish with descendants" and its API all ask
`permissions_for_user`. Groups open the pages; what is decided here narrows that by the area of
the roles and by the unit to which a course belongs (docs/decisions/0021-rights-on-content.md).
"""

from functools import cached_property
from typing import Any, ClassVar, Final

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PagePermissionTester

from lms.accounts.enums import Role
from lms.core.models import site_details

# Who writes lessons, questions and quizzes.
AUTHORS: Final = (Role.ADMINISTRATOR, Role.TRAINER)
# Who lets a submitted page go public.
APPROVERS: Final = (Role.ADMINISTRATOR, Role.REVIEWER)
_KEPT_ON_USER = "_units_of_courses"


class ContentPermissionTester(PagePermissionTester):
    """`PagePermissionTester`, asked about a page of the tree of courses.

    `owner` is the path of the unit to which the course belongs, "" for one of the province.
    """

    def __init__(self, user: Any, page: Page) -> None:
        super().__init__(user, page)
        self.owner = owner_path(user=user, page=page)
        if user.is_active and not user.is_superuser:
            is_closed = page.specific_class.is_for_province and not self.may_take_down
            if is_closed or (self.owner and not self.is_held(AUTHORS)):
                self.permissions -= {"add", "change", "publish", "lock", "unlock"}
            if not self.may_publish:
                self.permissions -= {"publish"}

    def is_held(self, roles: tuple[Role, ...]) -> bool:
        """Return whether the person has one of these roles where the course belongs."""
        scope = self.user.scope
        return scope.covers(self.owner, roles) if self.owner else scope.reaches_province(roles)

    @cached_property
    def may_take_down(self) -> bool:
        """Unpublish, move, lock, delete, hide, reorder: what takes a page from its readers.

        Administrators of the province; for the course of a unit its own people, too.
        """
        return self.user.is_active and self.is_held(
            AUTHORS if self.owner else (Role.ADMINISTRATOR,)
        )

    @cached_property
    def may_publish(self) -> bool:
        if self.is_held((Role.ADMINISTRATOR,)):
            return True
        writes = self.is_held(AUTHORS) if self.owner else self.user.scope.has_role(*AUTHORS)
        return writes and not site_details().asks_approval

    def can_approve(self) -> bool:
        """Return whether the person may let what was submitted go public."""
        return bool(self.user.is_active and self.is_held(APPROVERS))

    def can_delete(self, ignore_bulk: bool = True) -> bool:
        """Return whether the page may go, with all below it.

        Whoever learned there is asked for by `evidence_of`. Wagtail asks for a right that no role
        has (`bulk_delete`), and the page that names the classes would never be met.
        """
        return self.may_take_down and bool(super().can_delete(ignore_bulk=ignore_bulk))

    def can_unpublish(self) -> bool:
        return self.may_take_down and bool(super().can_unpublish())

    def can_lock(self) -> bool:
        return self.may_take_down and bool(super().can_lock())

    def can_unlock(self) -> bool:
        return self.user_has_lock() or (self.may_take_down and bool(super().can_unlock()))

    def can_reorder_children(self) -> bool:
        return self.may_take_down and bool(super().can_reorder_children())

    def can_set_view_restrictions(self) -> bool:
        return self.may_take_down and bool(super().can_set_view_restrictions())

    def can_copy_to(self, destination: Page, recursive: bool = False) -> bool:
        """Refuse the copy of a whole course to whoever may not own such a course."""
        if not super().can_copy_to(destination, recursive=recursive):
            return False
        return self.page.specific_class is not _course_model() or self.is_held(AUTHORS)


class OwnedPageMixin(models.Model):
    """A page whose rights follow from the roles of the suite.

    `readers_title` and `readers_note` tell its editors who can read it once it is public.
    """

    #: Whether administrators of the province alone write it.
    is_for_province: ClassVar[bool] = False
    readers_title: ClassVar[str | Promise] = _("Visible to all who log in")
    readers_note: ClassVar[str | Promise] = _("Once live, everybody with an account can see it.")

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> ContentPermissionTester:
        return ContentPermissionTester(user, self)


def owner_path(*, user: Any, page: Page) -> str:
    """Return the path of the unit that owns the course above this page; "" for the province."""
    owners = owned_courses(user).items()
    return next((unit for path, unit in owners if page.path.startswith(path)), "")


def owned_courses(user: Any) -> dict[str, str]:
    """Return the path of the unit by the path of each course that belongs to one.

    One query a request, however much is asked about.
    """
    owners: dict[str, str] | None = getattr(user, _KEPT_ON_USER, None)
    if owners is None:
        owned = _course_model().objects.exclude(unit=None)
        owners = dict(owned.values_list("path", "unit__path"))
        setattr(user, _KEPT_ON_USER, owners)
    return owners


def _course_model() -> Any:
    return apps.get_model("courses.CoursePage")
