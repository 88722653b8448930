"""The list of courses, a course and a module; and which view serves which page of the tree."""

from contextlib import suppress

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from wagtail.models import Site
from wagtail.url_routing import RouteResult
from wagtail.views import serve as serve_page

from courses.domain.access import study_note
from courses.domain.lessons import published_text
from courses.domain.tree_queries import live_tree
from courses.domain.urls_for import address_of, page_address
from courses.models import CourseIndexPage, CoursePage, ModulePage, Question
from courses.models.page_routing import PageView, find_page, page_views
from courses.models.titles import shown_title
from courses.views.access import course_path_of, edit_address, reader_of, tree_for
from courses.views.info import serve_info
from courses.views.lessons import preview_lesson, serve_lesson
from courses.views.question_preview import show_question
from lms.core.readers import SignedInRequest


def register_page_views() -> None:
    """Register what the app adds; called once, when the app is ready."""
    for key, serve, preview in (
        ("index", serve_index, preview_index),
        ("course", serve_course, preview_course),
        ("module", serve_module, preview_module),
        ("lesson", serve_lesson, preview_lesson),
        ("info", serve_info, serve_info),
        # A question has no address of its own: it is asked in a quiz.
        (Question.VIEW_KEY, show_question, show_question),
    ):
        page_views.register(PageView(key=key, serve=serve, preview=preview))


def find_content(request: SignedInRequest, **slugs: str) -> HttpResponse:
    """Show a course, module or lesson in Wagtail's own way with its hooks, without asking for the
    site and its root.

    It spends two or three more queries on them; the answer is the same.
    """
    parts = list(slugs.values())
    root_path = Site.get_site_root_paths()[0].root_path
    # What is no course, Wagtail finds itself, or says that there is nothing.
    with suppress(Http404):
        found = RouteResult(find_page(root_path=root_path, slugs=parts))
        request._wagtail_route_for_request = found  # type: ignore[attr-defined]  # noqa: SLF001
    return serve_page(request, "/".join(parts) + "/")


@login_required
def serve_index(request: SignedInRequest, page: CourseIndexPage) -> HttpResponse:
    return preview_index(request, page)


def preview_index(request: SignedInRequest, page: CourseIndexPage) -> HttpResponse:
    courses = CoursePage.objects.child_of(page).live().order_by("path")
    listed = [{"page": course, "url": page_address(course.url_path)} for course in courses]
    return TemplateResponse(request, page.template, {"page": page, "courses": listed})


@login_required
def serve_course(request: SignedInRequest, page: CoursePage) -> HttpResponse:
    reader = reader_of(user=request.user, page=page)
    if reader.enrolment:
        reader.enrolment.run.course = page
    tree = tree_for(reader, page)
    if tree is None:
        raise Http404
    context = {
        "page": published_text(page),
        "reader": reader,
        "closed_note": study_note(enrolment=reader.enrolment) if reader.enrolment else "",
        "tree": tree,
        "step": tree.next_step() if reader.enrolment else None,
        "trail": [{"label": _("Courses"), "url": page_address("//")}],
        "edit_url": edit_address(page, reader),
    }
    return TemplateResponse(request, page.template, context)


def preview_course(request: SignedInRequest, page: CoursePage) -> HttpResponse:
    context = {"page": page, "tree": live_tree(course_path=page.path), "is_preview": True}
    return TemplateResponse(request, page.template, context)


@login_required
def serve_module(request: SignedInRequest, page: ModulePage) -> HttpResponse:
    reader = reader_of(user=request.user, page=page)
    tree = tree_for(reader, page)
    module = tree.module_of(page.pk) if tree else None
    if tree is None or module is None:
        raise Http404
    at = tree.modules.index(module)
    context = {
        "page": published_text(page),
        "reader": reader,
        "module": module,
        "is_linked": reader.may_read,
        "may_answer": reader.enrolment is not None,
        "step": tree.next_step_in(module) if reader.enrolment else None,
        "closed_note": study_note(enrolment=reader.enrolment) if reader.enrolment else "",
        "module_count": len(tree.modules),
        "previous": tree.modules[at - 1] if at else None,
        "next": tree.modules[at + 1] if at + 1 < len(tree.modules) else None,
        "trail": [{"label": shown_title(tree), "url": address_of(tree)}],
        "edit_url": edit_address(page, reader),
    }
    return TemplateResponse(request, page.template, context)


def preview_module(request: SignedInRequest, page: ModulePage) -> HttpResponse:
    tree = live_tree(course_path=course_path_of(page))
    module = tree.module_of(page.pk) if tree else None
    context = {"page": page, "module": module, "is_preview": True}
    context |= {"is_linked": False, "may_answer": False}
    return TemplateResponse(request, page.template, context)
