"""A lost second factor, taken away by an administrator."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from lms.accounts.signin.domain.second_factor import may_reset, reset_second_factor
from lms.scoped_admin.views import ScopedMixin


class ResetFactorView(PermissionCheckedMixin, ScopedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asks first; 404 for whoever may give codes but not take the second lock off."""

    permission_required = "change"
    template_name = "accounts/reset_factor.html"
    page_title = _("Reset two-step log-in")
    header_icon = "lock-open"
    index_url_name = ""
    request: Any

    def scoped_rows(self) -> models.QuerySet:
        rows = super().scoped_rows()
        allowed = [person.pk for person in rows.filter(pk=self.kwargs["pk"]) if self._may(person)]
        return rows.filter(pk__in=allowed)

    def _may(self, person: Any) -> bool:
        return may_reset(person=person, by=self.request.user)

    @cached_property
    def person(self) -> Any:
        return self.scoped_object()

    def get_page_subtitle(self) -> str:
        return str(self.person)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": gettext("People")},
            {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "person": self.person, "back_url": self._back}

    @property
    def _back(self) -> str:
        return reverse("wagtailusers_users:inspect", args=(self.person.pk,))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if reset_second_factor(person=self.person, by=self.request.user):
            messages.success(request, _("Two-step log-in has been removed."))
        return redirect(self._back)
