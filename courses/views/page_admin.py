"""The tree of pages in the Wagtail admin, in the words of courses, modules and lessons."""

from collections.abc import Iterator
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.widgets.button import Button, ListingButton
from wagtail.models import Page

from courses.models import CoursePage, LessonPage, ModulePage

OUTLINE_URL: Final = "course_outline"
ADD_LABELS: Final[dict[type[Page], Promise]] = {
    CoursePage: _("Add a course"),
    ModulePage: _("Add a module"),
    LessonPage: _("Add a lesson"),
}


class ContentIndexView(ExplorableIndexView):
    """The list of what lies below a page; an empty one offers the first page in words."""

    results_template_name = "courses/admin/explore_results.html"

    def get_reorder_url(self) -> str | None:
        """Return where a drag is sent; nobody is given handles who may not use them."""
        may_reorder = self.permissions.can_reorder_children()
        return super().get_reorder_url() if may_reorder else None


#: What lists the pages above those of a kind: its button says what it adds.
INDEX_VIEWS: Final = {
    model: type(f"{model.__name__}IndexView", (ContentIndexView,), {"add_item_label": label})
    for model, label in ADD_LABELS.items()
}


def first_child(*, page: Any, user: Any) -> Iterator[dict[str, Any]]:
    """Return the one button by which this person adds the first page below; none to whoever may not."""
    kinds = page.specific_class.creatable_subpage_models() if page.specific_class else []
    if len(kinds) != 1 or kinds[0] not in ADD_LABELS:
        return
    if page.permissions_for_user(user).can_add_subpage():
        options = kinds[0]._meta
        address = reverse(
            "wagtailadmin_pages:add", args=[options.app_label, options.model_name, page.pk]
        )
        yield {"label": ADD_LABELS[kinds[0]], "url": address, "icon_name": "plus", "priority": 10}


def outline_button(*, page: Any, user: Any) -> list[Button]:
    """Return the way to the outline of a course, for those who write or approve it."""
    if page.specific_class is not CoursePage:
        return []
    rights = page.permissions_for_user(user)
    if not (rights.can_edit() or rights.can_approve()):
        return []
    label = _("Outline of “%(title)s”") % {"title": page.get_admin_display_title()}
    return [
        ListingButton(
            _("Outline"),
            url=reverse(OUTLINE_URL, args=[page.pk]),
            icon_name="list-ul",
            attrs={"aria-label": label},
            priority=5,
        )
    ]
