"""Addresses of a site with two more scoped lists, for tests."""

from datetime import date
from typing import ClassVar

from django import forms
from django.urls import include, path
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from lms.accounts.enums import OVERSIGHT_ROLES, Role
from lms.accounts.models import Posting
from lms.core.refusal import Refusal
from lms.geography.models import AdministrativeUnit
from lms.scoped_admin.pages import ActionPage, FormPage, ScopedPage
from lms.scoped_admin.viewsets import ScopedModelViewSet
from lms.urls import urlpatterns as host_urlpatterns
from tests.factories.rows import set_fields


class EndPage(ActionPage):
    page_title = "End it"
    template_name = "wagtailadmin/generic/base.html"
    row_name = "posting"

    def perform(self):
        if self.row.valid_to:
            raise Refusal("ended", "It has ended already.")
        set_fields(self.row, valid_to=date(2014, 6, 30))
        return "It has ended."


class SilentPage(ActionPage):
    """Without a template, and with nothing to say."""

    def perform(self):
        return None


class DayForm(forms.Form):
    day = forms.DateField()


class EndOnPage(FormPage):
    form_class = DayForm
    page_title = "End it on"
    template_name = "wagtailadmin/generic/form.html"

    def perform(self):
        raise Refusal("never", "Never on that day.", field=self.request.POST.get("field"))


class CountPage(ScopedPage):
    permission_required = "view"
    page_title = "Count them"
    template_name = "wagtailadmin/generic/base.html"


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
    pages: ClassVar = {
        "end": ("end/<int:pk>/", EndPage),
        "silent": ("silent/<int:pk>/", SilentPage),
        "end_on": ("end-on/<int:pk>/", EndOnPage),
        "count": ("count/", CountPage),
    }


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
