"""What the form of a page of the tree refuses, whoever sent it."""

from typing import Any, cast

from django.db.models import Q, QuerySet
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm

from courses.models.page_rights import AUTHORS, ContentPermissionTester
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit


class ContentPageForm(WagtailAdminPageForm):
    """Leaves the dates of going public and of expiry to those who may take the page down.

    An expiry is an unpublishing, and a page that nobody published by a revision goes offline
    until a future date of going public.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.may_take_down:
            return
        held = ["expire_at", *(["go_live_at"] if self.instance.live and self.is_old else [])]
        for name in held:
            if name in self.fields:
                self.fields[name].disabled = True

    @property
    def is_old(self) -> bool:
        return self.instance.pk is not None

    @property
    def may_take_down(self) -> bool:
        page = self.instance if self.is_old else self.parent_page
        # Above the list of courses only a superuser adds pages.
        rights = cast("ContentPermissionTester", page.permissions_for_user(self.for_user))
        return self.for_user.is_superuser or rights.may_take_down


class CourseCopyForm(CopyForm):
    """Offers no alias of a course: it would need the same code, and codes are unique."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)


class CoursePageForm(ContentPageForm):
    """Lets a course belong to a unit of its author; without one it is the province's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "unit" not in self.fields:
            return
        unit = self.fields["unit"]
        unit.queryset = self._own_units()
        # Whoever writes for a course of others does not make it the own one.
        unit.disabled = self.is_old and not self.may_take_down
        unit.required = not (unit.disabled or self.for_user.scope.reaches_province(AUTHORS))

    def _own_units(self) -> QuerySet[AdministrativeUnit]:
        """Return districts, and the smaller units where the author has a role."""
        own = Q(level=Level.DISTRICT) | Q(role_assignments__user=self.for_user)
        held = self.for_user.scope.units_q("", roles=AUTHORS)
        chosen = Q(pk=self.instance.unit_id)
        on_map = Q(edition__programmes__isnull=False) & ~Q(level=Level.PROVINCE)
        return (
            AdministrativeUnit.objects.filter(chosen | (own & held & on_map))
            .distinct()
            .order_by("path")
        )
