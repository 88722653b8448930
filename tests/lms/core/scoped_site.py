"""Addresses of a site with two more scoped lists and a report, for the tests of the core."""

from django.urls import include, path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.ui.tables import Column
from wagtail.utils.urlpatterns import decorate_urlpatterns

from lms.accounts.enums import OVERSIGHT_ROLES, Role
from lms.accounts.models import Posting
from lms.core.reports import ScopedReportView
from lms.core.viewsets import ScopedModelViewSet
from lms.geography.models import AdministrativeUnit
from lms.urls import urlpatterns as host_urlpatterns


class PostingViewSet(ScopedModelViewSet):
    """Every view that a scoped viewset can have."""

    model = Posting
    name = "test_postings"
    view_roles = OVERSIGHT_ROLES
    add_roles = change_roles = delete_roles = (Role.COORDINATOR,)
    copy_view_enabled = True
    usage_view_enabled = True
    form_fields = ("user", "unit", "cadre", "valid_from")
    list_filter = ("unit",)


class DeletableUnitViewSet(ScopedModelViewSet):
    model = AdministrativeUnit
    name = "test_units"
    view_roles = delete_roles = OVERSIGHT_ROLES


class PostingReport(ScopedReportView):
    model = Posting
    view_roles = (Role.COORDINATOR,)
    page_title = "Postings"
    header_icon = "group"
    url_path = "test-report/"
    index_url_name = "test_report"
    columns = (Column("user"), Column("unit"))
    list_export = ("user", "unit")
    export_filename = "postings"


def _of(viewset):
    namespace = viewset.url_namespace
    return path(
        f"test/{viewset.url_prefix}/",
        include((viewset.get_urlpatterns(), namespace), namespace=namespace),
    )


urlpatterns = [
    *decorate_urlpatterns(
        [_of(PostingViewSet()), _of(DeletableUnitViewSet()), *PostingReport.admin_urls()],
        require_admin_access,
    ),
    *host_urlpatterns,
]
