"""How the ways to people stand, for administrators of the whole province."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from lms.core.readers import SignedInRequest
from lms.messaging.domain.states import WayState, way_states
from lms.notifications.domain.ways import waiting_by_way

WAYS_URL = "ways"


class WaysView(WagtailAdminTemplateMixin, TemplateView):
    page_title = _("Ways to people")
    header_icon = "mail"
    template_name = "notifications/ways.html"
    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.request.user.scope.administers_province:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        waiting = waiting_by_way(now=now)
        lines = [_line(state, waiting.get(state.key, 0)) for state in way_states(now=now)]
        return super().get_context_data(lines=lines, **kwargs)


def _line(state: WayState, waiting: int) -> dict[str, Any]:
    url = f"{reverse('reminders:index')}?way={state.key}&state=planned"
    return {"state": state, "waiting": waiting, "waiting_url": url}
