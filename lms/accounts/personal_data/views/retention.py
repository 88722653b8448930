"""What is kept how long, what is due, and what the last purge did."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from lms.accounts.models import PurgeRun
from lms.accounts.personal_data.domain.retention import rehearse
from lms.scoped_admin.views import ScopedMixin


class RetentionRulesView(
    PermissionCheckedMixin, ScopedMixin, WagtailAdminTemplateMixin, TemplateView
):
    """The rules with the figures of a rehearsal: for administrators of a province."""

    model = PurgeRun
    permission_required = "view"
    permission_policy: Any = None
    header_icon = "bin"
    page_title = _("How long personal data is kept")
    template_name = "accounts/retention.html"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reader: Any = request.user
        answer = super().dispatch(request, *args, **kwargs)
        # The figures are those of the whole province, whatever district one administers.
        if not reader.scope.administers_province:
            raise Http404
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        last: Any = self.scoped_rows().first()
        counts = last.counts if last else {}
        states = rehearse(at=timezone.now())
        return super().get_context_data(
            lines=[(state, counts.get(state.rule.key, 0)) for state in states],
            last=last,
            runs_url=reverse("retention:index"),
            **kwargs,
        )
