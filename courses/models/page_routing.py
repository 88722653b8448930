"""How a page of the tree is found and who shows it; what is shown is the views' business."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.apps import apps
from django.db import models, transaction
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from wagtail.models import PageViewRestriction
from wagtail.url_routing import RouteResult

from lms.core.compiled_queries import CompiledQuery
from lms.core.registry import Registry


@dataclass(frozen=True)
class PageView:
    """What answers for one kind of page.

    `serve` gets the request of a reader, `preview` that of an editor; both get the page.
    """

    key: str
    serve: Callable[[Any, Any], HttpResponseBase]
    preview: Callable[[Any, Any], HttpResponseBase]


#: Filled by `courses.views` at start: models know nothing of what stands above them.
page_views: Registry[PageView] = Registry("page views")


class ViewedPageMixin(models.Model):
    """Hands a request to the view registered under `view_key`."""

    view_key: ClassVar[str]
    allowed_http_methods: ClassVar = ["GET", "HEAD", "OPTIONS"]

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.is_preview = False  # type: ignore[attr-defined]
        return self._view.serve(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        return self._view.preview(request, self)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete all or nothing: treebeard takes the page off its parent's count of children
        before it meets what protects the page.
        """
        return super().delete(*args, **kwargs)

    @property
    def _view(self) -> PageView:
        view = page_views.get(self.view_key)
        if view is None:
            raise LookupError(f"No view is registered for {self.view_key!r}.")
        return view

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """Return the same as Wagtail's, in one query: the path of a page holds those
        of its ancestors. In none where `find_page` has found that there are none.
        """
        if getattr(self, "is_restricted", True) is False:
            return PageViewRestriction.objects.none()
        if self.alias_of_id:  # type: ignore[attr-defined]
            return super().get_view_restrictions()  # type: ignore[misc]
        path, step = self.path, self.steplen  # type: ignore[attr-defined]
        paths = [path[:end] for end in range(step, len(path) + 1, step)]
        return PageViewRestriction.objects.filter(page__path__in=paths)


class CourseRouteMixin(models.Model):
    """Resolves course/module/lesson in one query instead of two for every part."""

    class Meta:
        abstract = True

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Return the page at this address, or Http404.

        As with Wagtail's own, nothing is said about the pages above it: the views look.
        """
        if path_components:
            try:
                return RouteResult(find_page(root_path=self.url_path, slugs=path_components))  # type: ignore[attr-defined]
            except Http404:
                if len(path_components) > 1:
                    raise
        # The list itself, or a page below it that is no course.
        return super().route(request, path_components)  # type: ignore[misc]


#: The page classes by their depth below the list of courses, and what serving one reads.
#: The text of a lesson mostly comes out of the cache.
SERVED: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("courses.CoursePage", ()),
    ("courses.ModulePage", ()),
    (
        "courses.LessonPage",
        (
            "path",
            "title",
            "url_path",
            "alias_of",
            "live",
            "last_published_at",
            "summary",
            "as_of",
            "minutes",
            "is_required",
            "sources",
        ),
    ),
)


def find_page(*, root_path: str, slugs: list[str]) -> Any:
    """Find the page at these slugs below `root_path`; one query. Raises Http404.

    Also one that is no longer published: the views show it to the people of a class that needs it.
    """
    if len(slugs) > len(SERVED):
        raise Http404
    address = f"{root_path}{'/'.join(slugs)}/"
    for page in _PAGES.ask(len(slugs) - 1, slug=slugs[-1], address=address):
        return page
    raise Http404


def _pages(depth: int, *, slug: str, address: str) -> QuerySet[Any]:
    model, fields = SERVED[depth]
    # The slug is there for the index: `url_path` has none.
    found = apps.get_model(model).objects.filter(slug=slug, url_path=address)
    path = ExpressionWrapper(OuterRef("path"), output_field=models.CharField())
    restricted = PageViewRestriction.objects.annotate(below=path)
    found = found.annotate(
        is_restricted=Exists(restricted.filter(below__startswith=F("page__path")))
        | Q(alias_of__isnull=False)
    )
    return found.only(*fields).order_by("pk")[:1]


# Asked by every page of a course.
_PAGES = CompiledQuery(_pages)
