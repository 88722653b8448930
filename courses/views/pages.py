"""The list of courses, a course and a module; and which view serves which page of the tree."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from courses.domain.access import study_note
from courses.domain.course_tree import course_map
from courses.models import CourseIndexPage, CoursePage, ModulePage
from courses.models.page_routing import PageView, page_views
from courses.views.access import reader_of
from courses.views.lessons import preview_lesson, serve_lesson
from courses.views.outlines import outline_for, row_of_stop
from courses.views.urls_for import edit_address, page_address
from lms.core.readers import SignedInRequest


def register_page_views() -> None:
    """Register what the app adds; called once, when the app is ready."""
    for key, serve, preview in (
        ("index", serve_index, preview_index),
        ("course", serve_course, preview_course),
        ("module", serve_module, preview_module),
        ("lesson", serve_lesson, preview_lesson),
    ):
        page_views.register(PageView(key=key, serve=serve, preview=preview))


@login_required
def serve_index(request: SignedInRequest, page: CourseIndexPage) -> HttpResponse:
    return preview_index(request, page)


def preview_index(request: SignedInRequest, page: CourseIndexPage) -> HttpResponse:
    courses = CoursePage.objects.child_of(page).live().order_by("path")
    listed = [{"page": course, "url": page_address(course.url_path)} for course in courses]
    return TemplateResponse(request, page.template, {"page": page, "courses": listed})


@login_required
def serve_course(request: SignedInRequest, page: CoursePage) -> HttpResponse:
    reader = reader_of(user=request.user, course_path=page.path)
    if reader.enrolment:
        reader.enrolment.run.course = page
    context = {
        "page": page,
        "reader": reader,
        "closed_note": study_note(enrolment=reader.enrolment) if reader.enrolment else "",
        "outline": outline_for(reader=reader, course_path=page.path),
        "trail": [{"label": _("Courses"), "url": page_address("//")}],
        "edit_url": edit_address(page, reader),
    }
    return TemplateResponse(request, page.template, context)


def preview_course(request: SignedInRequest, page: CoursePage) -> HttpResponse:
    mapped = course_map(course_path=page.path)
    rows = [row_of_stop(stop, linked=False) for stop in mapped.modules] if mapped else []
    context: dict[str, Any] = {"page": page, "outline": {"rows": rows}, "is_preview": True}
    return TemplateResponse(request, page.template, context)


@login_required
def serve_module(request: SignedInRequest, page: ModulePage) -> HttpResponse:
    course_path = page.path[: -page.steplen]
    reader = reader_of(user=request.user, course_path=course_path)
    outline = outline_for(reader=reader, course_path=course_path)
    at = [row.pk for row in outline.rows].index(page.pk)
    context = {
        "page": page,
        "reader": reader,
        "row": outline.rows[at],
        "module_count": len(outline.rows),
        "previous": outline.rows[at - 1] if at else None,
        "next": outline.rows[at + 1] if at + 1 < len(outline.rows) else None,
        "trail": [{"label": outline.title, "url": outline.url}],
        "edit_url": edit_address(page, reader),
    }
    return TemplateResponse(request, page.template, context)


def preview_module(request: SignedInRequest, page: ModulePage) -> HttpResponse:
    mapped = course_map(course_path=page.path[: -page.steplen])
    stops = [stop for stop in mapped.modules if stop.pk == page.pk] if mapped else []
    row = row_of_stop(stops[0], linked=False) if stops else None
    return TemplateResponse(request, page.template, {"page": page, "row": row, "is_preview": True})
