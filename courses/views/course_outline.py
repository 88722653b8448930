"""A course on one page of the admin, for those who write it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from courses.domain.editions import make_edition
from courses.domain.written_outline import written_outline
from courses.models import CourseEdition, CoursePage
from courses.models.titles import TitlePair, plain_title
from courses.views.page_admin import OUTLINE_URL
from lms.core.dry_run import find_refusal
from lms.core.readers import SignedInRequest
from lms.core.show_refusal import RefusalAsMessage


class CourseOutlineView(WagtailAdminTemplateMixin, View):
    """Modules and lessons with their state, their quiz and what should be looked at."""

    header_icon = "list-ul"
    template_name = "courses/admin/course_outline.html"
    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # The `id`: a number beyond all others is compared as `pk` of a page, and fails.
        self.course = get_object_or_404(CoursePage, id=kwargs["pk"])
        self.rights = self.course.permissions_for_user(request.user)
        if not (self.rights.can_edit() or self.rights.can_approve()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make an edition of the course as it is published now."""
        if not self.rights.can_publish():
            raise PermissionDenied
        with RefusalAsMessage(request):
            edition = self._make_edition()
            messages.success(
                request,
                _("Edition %(number)d is made. Classes that open from now on ask it.")
                % {"number": edition.number},
            )
        return redirect(OUTLINE_URL, self.course.pk)

    def _make_edition(self) -> CourseEdition:
        return make_edition(course=self.course, at=timezone.now(), by=self.request.user)

    @property
    def _title(self) -> str:
        return plain_title(TitlePair(self.course.draft_title, self.course.title_en))

    def get_page_title(self) -> str:
        return _("Outline of “%(title)s”") % {"title": self._title}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = reverse("wagtailadmin_explore", args=[self.course.pk])
        return [
            *self.breadcrumbs_items,
            {"url": above, "label": self._title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        may_publish = self.rights.can_publish()
        refusal = find_refusal(self._make_edition) if may_publish else None
        is_newest = refusal is not None and refusal.code == "edition_is_newest"
        return context | {
            "course": self.course,
            "outline": written_outline(course=self.course, now=timezone.now()),
            "may_add": self.rights.can_add_subpage(),
            "may_make_edition": may_publish and refusal is None,
            "edition_refusal": refusal.message if refusal and not is_newest else "",
        }
