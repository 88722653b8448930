"""What courses add to the Wagtail admin."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button, ListingButton
from wagtail.log_actions import LogFormatter

from courses.dashboard import ClassesNow, Drafts, QuestionsToReview
from courses.domain.judged_again import REJUDGED
from courses.models import LessonPage
from courses.permissions import AUTHORS
from courses.views.course_outline import CourseOutlineView
from courses.views.page_admin import OUTLINE_URL, first_child, outline_button
from courses.views.page_deletion import guard_bulk_deletion, guard_deletion
from courses.viewsets import (
    CourseRunViewSet,
    ProgrammeViewSet,
    QuestionCaseViewSet,
    QuestionChooserViewSet,
    QuestionViewSet,
    QuizViewSet,
    page_viewsets,
)
from lms.scoped_admin.dashboard import register_dashboard_panel

register_dashboard_panel(ClassesNow)
register_dashboard_panel(Drafts)
register_dashboard_panel(QuestionsToReview)

hooks.register("before_delete_page", guard_deletion)
hooks.register("before_bulk_action", guard_bulk_deletion)


@hooks.register("register_log_actions")
def register_moves(actions: Any) -> None:
    @actions.register_action("courses.move_run")
    class MoveFormatter(LogFormatter):
        label = _("Move a class to a newer edition")

        def format_message(self, log_entry: Any) -> Any:
            return _("Moved from edition %(before)s of the course to %(after)s") % log_entry.data

    @actions.register_action("courses.move_place")
    class PlaceFormatter(LogFormatter):
        label = _("Move a class to another place")

        def format_message(self, log_entry: Any) -> Any:
            return _("Moved from “%(before)s” to “%(after)s”") % log_entry.data


@hooks.register("register_log_actions")
def register_run_actions(actions: Any) -> None:
    actions.register_action("courses.open_run", _("Open a class"), _("Class opened"))
    actions.register_action("courses.close_run", _("Close a class"), _("Class closed"))
    actions.register_action("courses.copy_run", _("Copy a class"), _("Class copied"))
    actions.register_action("courses.cancel_run", _("Cancel a class"), _("Class cancelled"))

    @actions.register_action(REJUDGED)
    class RejudgingFormatter(LogFormatter):
        label = _("Judge answers again")

        def format_message(self, log_entry: Any) -> Any:
            return (
                _("Answers judged again, %(right)s now correct, %(wrong)s now wrong: %(note)s")
                % log_entry.data
            )

    @actions.register_action("courses.set_requirements")
    class RequirementsFormatter(LogFormatter):
        label = _("Set class requirements")

        def format_message(self, log_entry: Any) -> Any:
            return _("Requirements set, version %(version)s") % log_entry.data

    @actions.register_action("courses.withdraw")
    class WithdrawalFormatter(LogFormatter):
        label = _("Remove a person from a class")

        def format_message(self, log_entry: Any) -> Any:
            return _("Removed from the class: %(reason)s") % log_entry.data


@hooks.register("before_serve_document")
def ask_who_reads(_document: Any, request: HttpRequest) -> HttpResponseBase | None:
    """Send strangers to log in: documents belong to lessons, and lessons to people who log in:
    no address is enough.
    """
    return None if request.user.is_authenticated else redirect_to_login(request.get_full_path())


@hooks.register("construct_page_action_menu")
def offer_the_next_step(menu_items: list[ActionMenuItem], request: Any, context: Any) -> None:
    """Put on the button what brings a page to its readers, as far as the person may:
    of a draft saved alone trainees see nothing.
    """
    for item in menu_items:
        # Wagtail says "Approve and Publish", too long for a phone; the second one asks a comment.
        if item.name == "approve" and not item.launch_modal:
            item.label = _("Approve")
    steps = ("approve", "action-publish", "action-submit")
    menu_items.sort(key=lambda item: steps.index(item.name) if item.name in steps else len(steps))


@hooks.register("register_page_listing_buttons")
def lead_to_what_lies_below(page: Any, user: Any = None, **_asked: Any) -> list[Button]:
    """Give the modules or lessons below a button with words:
    a click on a title opens the form. Where there are none yet, it adds the first.
    """
    return [*outline_button(page=page, user=user), *_below(page, user)]


@hooks.register("register_page_header_buttons")
def lead_to_the_outline(page: Any, user: Any = None, **_asked: Any) -> list[Button]:
    return outline_button(page=page, user=user)


@hooks.register("register_admin_urls")
def register_outline() -> list[URLPattern]:
    return [path("courses/<int:pk>/outline/", CourseOutlineView.as_view(), name=OUTLINE_URL)]


def _below(page: Any, user: Any) -> list[Button]:
    if page.is_leaf():
        return [ListingButton(**first) for first in first_child(page=page, user=user)]
    below = _("See what is below “%(title)s”") % {"title": page.get_admin_display_title()}
    return [
        ListingButton(
            _("See what is below"),
            url=reverse("wagtailadmin_explore", args=(page.pk,)),
            icon_name="arrow-right",
            attrs={"aria-label": below},
            priority=10,
        )
    ]


@hooks.register("register_page_listing_buttons")
def ask_about_a_lesson(page: Any, user: Any = None, **_asked: Any) -> list[Button]:
    """Give a lesson a button for a question about it: with its source and date filled in."""
    if page.specific_class is not LessonPage or not user.scope.has_role(*AUTHORS):
        return []
    about = _("Add a question about “%(title)s”") % {"title": page.get_admin_display_title()}
    return [
        ListingButton(
            _("Add a question"),
            url=f"{reverse('questions:add')}?lesson={page.pk}",
            icon_name="help",
            attrs={"aria-label": about},
            priority=20,
        )
    ]


@hooks.register("before_create_page")
def keep_pages_of_the_province(request: Any, _parent: Any, page_class: Any) -> None:
    """Refuse new pages of a kind that administrators of the province alone write."""
    if page_class.is_for_province and not request.user.scope.administers_province:
        raise PermissionDenied


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def offer_the_first_child(request: HttpRequest, page: Any) -> None:
    """Say what comes next after an empty course or module, with the button for it.

    Not while the form saves itself: what it is called is half typed then, and nobody has asked.
    """
    if not request.accepts("text/html") or not page.is_leaf():
        return
    for first in first_child(page=page, user=request.user):
        messages.info(
            request,
            _("“%(title)s” is still empty.") % {"title": page.get_admin_display_title()},
            buttons=[messages.button(first["url"], first["label"])],
        )


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[ViewSet]:
    return [
        CourseRunViewSet(),
        QuestionViewSet(),
        QuestionCaseViewSet(),
        QuizViewSet(),
        ProgrammeViewSet(),
        QuestionChooserViewSet(),
        *page_viewsets(),
    ]
