"""Addresses of a site with two more scoped lists, for tests."""

from django.urls import include, path
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from lms.accounts.enums import OVERSIGHT_ROLES, Role
from lms.accounts.models import Posting
from lms.geography.models import AdministrativeUnit
from lms.scoped_admin.viewsets import ScopedModelViewSet
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


def _of(viewset):
    namespace = viewset.url_namespace
    return path(
        f"test/{viewset.url_prefix}/",
        include((viewset.get_urlpatterns(), namespace), namespace=namespace),
    )


urlpatterns = [
    *decorate_urlpatterns(
        [_of(PostingViewSet()), _of(DeletableUnitViewSet())],
        require_admin_access,
    ),
    *host_urlpatterns,
]
