"""Reports of the Wagtail admin that count each person's own area only."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse, reverse_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports import ReportView

from lms.core.exports import LoggedExportMixin
from lms.core.views.scoped import ScopedFilterSet, ScopedMixin


class ScopedReportView(LoggedExportMixin, ScopedMixin, ReportView):
    """A `ReportView` whose list and whose XLSX and CSV start from the same scoped rows.

    Declare `model`, `view_roles`, `page_title`, `header_icon`, `url_path`, `index_url_name`,
    `columns`, `list_export` and, if wanted, `filterset_class` (a `ScopedFilterSet`). Override
    `get_base_queryset` (and call super) to annotate. Register both parts in `wagtail_hooks.py`:

        hooks.register("register_admin_urls", LateReport.admin_urls)
        hooks.register("register_reports_menu_item", LateReport.menu_item)
    """

    base_filterset_class = ScopedFilterSet
    view_roles: tuple[str, ...] = ()
    #: Where the report answers below the admin, with a slash at its end.
    url_path = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_open_to(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self) -> models.QuerySet:
        return self.scoped_rows()

    @classmethod
    def is_open_to(cls, user: Any) -> bool:
        return bool(cls.view_roles) and user.scope.has_role(*cls.view_roles)

    @classmethod
    def admin_urls(cls) -> list[URLPattern]:
        """The report and the fragment that its search and filters reload."""
        results_url_name = f"{cls.index_url_name}_results"
        shared = {"index_results_url_name": results_url_name}
        return [
            path(cls.url_path, cls.as_view(**shared), name=cls.index_url_name),
            path(
                f"{cls.url_path}results/",
                cls.as_view(**shared, results_only=True),
                name=results_url_name,
            ),
        ]

    @classmethod
    def menu_item(cls) -> MenuItem:
        report = cls

        class ScopedReportMenuItem(MenuItem):
            def is_shown(self, request: HttpRequest) -> bool:
                return report.is_open_to(request.user)

        return ScopedReportMenuItem(
            cls.page_title,
            reverse_lazy(cls.index_url_name),
            name=cls.index_url_name,
            icon_name=cls.header_icon,
        )


def registered_scoped_reports() -> list[type[ScopedReportView]]:
    """Every scoped report that has an address in the running site."""
    return [report for report in _descendants(ScopedReportView) if _has_address(report)]


def _has_address(report: type[ScopedReportView]) -> bool:
    try:
        reverse(report.index_url_name)
    except NoReverseMatch:
        return False
    return True


def _descendants(cls: type[ScopedReportView]) -> Iterator[type[ScopedReportView]]:
    for child in cls.__subclasses__():
        yield child
        yield from _descendants(child)
