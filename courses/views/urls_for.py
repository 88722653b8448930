"""Where a page of the tree answers."""

from django.urls import reverse
from wagtail.models import Page

from courses.domain.lessons import LessonLine, QuizLine
from courses.views.access import Reader


def page_address(url_path: str) -> str:
    """Return the address of a page below the list of courses, from its tree path of slugs.

    Wagtail's `get_url` asks the database which site a page is of; here there is one, and its
    root is the list of courses.
    """
    return reverse("wagtail_serve", args=[url_path.split("/", 2)[2]])


def step_address(step: LessonLine | QuizLine) -> str:
    """Return where a step of the outline is taken."""
    if isinstance(step, LessonLine):
        return page_address(step.lesson.url_path)
    return reverse("courses:quiz_start", args=[step.quiz.pk])


def edit_address(page: Page, reader: Reader) -> str:
    """Return where this page is written, for staff who may; else empty."""
    if reader.staff_role is None or not page.permissions_for_user(reader.user).can_edit():
        return ""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
