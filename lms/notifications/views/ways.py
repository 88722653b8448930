"""What stands still: the ways to people, the queues and the ticks, for administrators of the province."""

from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from lms.core.heartbeats import Sign, signs_of_life
from lms.core.readers import SignedInRequest
from lms.messaging.domain.states import WayState, way_states
from lms.messaging.enums import WayCondition
from lms.notifications.domain.planning import rules_not_planned
from lms.notifications.domain.ways import waiting_by_way
from lms.notifications.labels import rule_label
from lms.notifications.models import ReminderRule

WAYS_URL = "ways"
_STANDING: Final = (WayCondition.PAUSED, WayCondition.FAILING, WayCondition.FULL)
_KINDS: Final = {
    "beat": _("Timetable of background work"),
    "queue": _("Queue"),
    "tick": _("Regular work"),
}


class WaysView(WagtailAdminTemplateMixin, TemplateView):
    page_title = _("Ways to people and background work")
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
        lines = [_line(state, waiting.get(state.key, (0, None))) for state in way_states(now=now)]
        signs: list[dict[str, Any]] = [
            {
                "sign": sign,
                "kind": _KINDS[sign.kind],
                "name": "" if sign.kind == "beat" else sign.name,
            }
            for sign in signs_of_life(now=now)
        ]
        alarms = [_way_alarm(line) for line in lines if line["state"].condition in _STANDING]
        alarms += [_sign_alarm(one) for one in signs if one["sign"].stands_still]
        alarms += [_rule_alarm(rule) for rule in rules_not_planned(now=now)]
        return super().get_context_data(lines=lines, signs=signs, alarms=alarms, **kwargs)


def _line(state: WayState, waiting: tuple[int, datetime | None]) -> dict[str, Any]:
    url = f"{reverse('reminders:index')}?way={state.key}&state=planned"
    count, since = waiting
    return {"state": state, "waiting": count, "waiting_since": since, "waiting_url": url}


def _way_alarm(line: dict[str, Any]) -> dict[str, Any]:
    """Return what a way that stands says: since when, and how much waits."""
    state: WayState = line["state"]
    return {
        "name": state.label,
        "why": state.condition.label,
        "since": state.health.failing_since or line["waiting_since"],
        "waiting": line["waiting"],
    }


def _sign_alarm(one: dict[str, Any]) -> dict[str, Any]:
    sign: Sign = one["sign"]
    return {
        "name": f"{one['kind']} {one['name']}".strip(),
        "why": _("nothing has been done"),
        "since": sign.last_at,
        "waiting": 0,
    }


def _rule_alarm(rule: ReminderRule) -> dict[str, Any]:
    return {
        "name": rule_label(rule),
        "why": _("its messages cannot be planned; the log of the server says why"),
        "since": rule.failing_since,
        "waiting": 0,
    }
