"""Which content of a course is published now: what the next edition will be."""

from django.db.models import QuerySet
from django.db.models.functions import Length, Substr

from courses.models import CoursePage, LessonPage, ModulePage


def live_modules(course: CoursePage) -> QuerySet[ModulePage]:
    """Return the published modules of a course, in the order of the page tree."""
    return ModulePage.objects.filter(path__startswith=course.path, live=True).order_by("path")


def live_lessons(course: CoursePage) -> QuerySet[LessonPage]:
    """Return the published lessons in published modules of a course,
    in the order of the page tree.

    Wagtail leaves the lessons of an unpublished module published: they do not count here.
    """
    in_live_module = live_modules(course).order_by().values("path")
    return (
        LessonPage.objects.filter(path__startswith=course.path, live=True)
        .annotate(module_path=Substr("path", 1, Length("path") - LessonPage.steplen))
        .filter(module_path__in=in_live_module)
        .order_by("path")
    )
