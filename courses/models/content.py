"""The page tree: courses > course > module > lesson."""

from typing import ClassVar, Final

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from courses.models.mixins import (
    LONGEST_CODE,
    CourseMixin,
    LessonMixin,
    ModuleMixin,
    PageTitleMixin,
)
from courses.models.page_forms import ContentPageForm, CourseCopyForm, CoursePageForm
from courses.models.page_rights import OwnedPageMixin
from courses.models.page_routing import CourseRouteMixin, ViewedPageMixin
from courses.models.titles import EnglishTitleMixin
from lms.core.fields import once_whatever_case

# The admin lists what lies below a page in the order in which it is taught.
TAUGHT_ORDER = "ord"
TITLE_PANELS: Final = [*Page.content_panels, FieldPanel("title_en")]


class CourseIndexPage(CourseRouteMixin, ViewedPageMixin, OwnedPageMixin, Page):
    """The site's root: all courses."""

    max_count = 1
    admin_default_ordering = TAUGHT_ORDER
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["courses.CoursePage", "courses.InfoPage"]
    template = "courses/course_index.html"
    view_key = "index"
    base_form_class = ContentPageForm

    class Meta:
        verbose_name = _("list of courses")
        verbose_name_plural = _("lists of courses")


class CoursePage(
    ViewedPageMixin, OwnedPageMixin, CourseMixin, EnglishTitleMixin, PageTitleMixin, Page
):
    parent_page_types: ClassVar = ["courses.CourseIndexPage"]
    subpage_types: ClassVar = ["courses.ModulePage"]
    admin_default_ordering = TAUGHT_ORDER
    template = "courses/course.html"
    view_key = "course"
    base_form_class = CoursePageForm
    copy_form_class = CourseCopyForm
    exclude_fields_in_copy: ClassVar = ["code"]
    content_panels: ClassVar = TITLE_PANELS + CourseMixin.content_panels_extra
    search_fields: ClassVar = Page.search_fields + PageTitleMixin.search_fields_extra

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints: ClassVar = [once_whatever_case("code", name="course_code_once")]

    def _set_core_field_defaults(self) -> None:
        """Give a copy, and a draft that has none yet, a code of its own: that of its address."""
        super()._set_core_field_defaults()
        if self.slug and not self.code:
            base, number, code = self.slug[: LONGEST_CODE - 4], 1, self.slug[:LONGEST_CODE]
            while CoursePage.objects.exclude(pk=self.pk).filter(code__iexact=code).exists():
                number += 1
                code = f"{base}-{number}"
            self.code = code


class ModulePage(
    ViewedPageMixin, OwnedPageMixin, ModuleMixin, EnglishTitleMixin, PageTitleMixin, Page
):
    parent_page_types: ClassVar = ["courses.CoursePage"]
    subpage_types: ClassVar = ["courses.LessonPage"]
    admin_default_ordering = TAUGHT_ORDER
    template = "courses/module.html"
    view_key = "module"
    base_form_class = ContentPageForm
    content_panels: ClassVar = TITLE_PANELS + ModuleMixin.content_panels_extra
    search_fields: ClassVar = Page.search_fields + PageTitleMixin.search_fields_extra

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class LessonPage(
    ViewedPageMixin, OwnedPageMixin, LessonMixin, EnglishTitleMixin, PageTitleMixin, Page
):
    parent_page_types: ClassVar = ["courses.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "courses/lesson.html"
    view_key = "lesson"
    readers_title = _("Visible to those enrolled")
    readers_note = _(
        "Once live, trainees enrolled in a class of this course and staff can read it."
    )
    base_form_class = ContentPageForm
    content_panels: ClassVar = TITLE_PANELS + LessonMixin.content_panels_extra
    search_fields: ClassVar = (
        Page.search_fields + PageTitleMixin.search_fields_extra + LessonMixin.search_fields_extra
    )

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
