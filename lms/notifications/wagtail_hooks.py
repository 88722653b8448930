"""What reminders add to the Wagtail admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from lms.notifications.dashboard import UndeliveredReminders
from lms.notifications.domain.transitions import SEND_AGAIN_ACTION
from lms.notifications.viewsets import ReminderRuleViewSet, ReminderViewSet
from lms.scoped_admin.dashboard import register_dashboard_panel
from lms.scoped_admin.viewsets import ScopedModelViewSet

register_dashboard_panel(UndeliveredReminders)


@hooks.register("register_admin_viewset")
def register_reminders() -> list[ScopedModelViewSet]:
    return [ReminderViewSet(), ReminderRuleViewSet()]


@hooks.register("register_log_actions")
def register_send_again(actions: Any) -> None:
    actions.register_action(SEND_AGAIN_ACTION, _("Send a reminder again"), _("Resent the reminder"))
