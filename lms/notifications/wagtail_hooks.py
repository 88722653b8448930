"""What reminders add to the Wagtail admin."""

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from lms.notifications.dashboard import UndeliveredReminders
from lms.notifications.domain.dead_addresses import CALL_INSTEAD_ACTION
from lms.notifications.domain.pausing import PAUSE_ACTION, RESUME_ACTION
from lms.notifications.domain.switching import SWITCH_ACTION
from lms.notifications.domain.transitions import SEND_AGAIN_ACTION
from lms.notifications.domain.uncertain import SETTLE_ACTION
from lms.notifications.views.ways import WAYS_URL, WaysView
from lms.notifications.viewsets import DayOffViewSet, ReminderRuleViewSet, ReminderViewSet
from lms.scoped_admin.dashboard import register_dashboard_panel
from lms.scoped_admin.viewsets import ScopedModelViewSet

register_dashboard_panel(UndeliveredReminders)


@hooks.register("register_admin_viewset")
def register_reminders() -> list[ScopedModelViewSet]:
    return [ReminderViewSet(), ReminderRuleViewSet(), DayOffViewSet()]


@hooks.register("register_log_actions")
def register_send_again(actions: Any) -> None:
    actions.register_action(SEND_AGAIN_ACTION, _("Send a reminder again"), _("Resent the reminder"))
    actions.register_action(
        SETTLE_ACTION, _("Decide whether a reminder arrived"), _("Decided whether it arrived")
    )
    actions.register_action(
        SWITCH_ACTION, _("Switch a reminder rule"), _("Switched the rule on or off")
    )
    actions.register_action(
        CALL_INSTEAD_ACTION,
        _("Call instead of sending"),
        _("Decided about an address that does not work"),
    )
    actions.register_action(PAUSE_ACTION, _("Pause all reminders"), _("Paused all reminders"))
    actions.register_action(RESUME_ACTION, _("End the pause"), _("Ended the pause of reminders"))


class WaysMenuItem(MenuItem):
    """For those who look after the server of the province."""

    def is_shown(self, request: Any) -> bool:
        return bool(request.user.scope.administers_province)


@hooks.register("register_admin_urls")
def register_ways() -> list[URLPattern]:
    return [path("ways/", WaysView.as_view(), name=WAYS_URL)]


@hooks.register("register_settings_menu_item")
def register_ways_menu() -> MenuItem:
    return WaysMenuItem(
        _("Ways and background work"), reverse(WAYS_URL), "ways", icon_name="mail", order=75
    )
