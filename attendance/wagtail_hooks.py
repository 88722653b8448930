"""What the log of the suite calls the changes to sessions."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def name_actions(actions: LogActionRegistry) -> None:
    actions.register_action("attendance.create_session", _("Add session"), _("Session added"))
    actions.register_action("attendance.change_session", _("Change session"), _("Session changed"))
    actions.register_action("attendance.remove_session", _("Remove session"), _("Session removed"))
