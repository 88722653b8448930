"""What attendance adds to the Wagtail admin: two panels, the way to the roll, names of actions."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from attendance.dashboard import RegistersToSign, RollsToFinish, SessionsToday
from attendance.domain.register.sign_off import CONFIRMED, SIGNED, SIGNED_RUN
from attendance.domain.sessions.cancelling import CANCELLED
from attendance.domain.sessions.scheduling import CHANGED, REMOVED
from attendance.domain.sessions.splitting import SPLIT
from attendance.menu import takes_rolls
from lms.core.readers import SignedInRequest
from lms.scoped_admin.dashboard import register_dashboard_panel

register_dashboard_panel(SessionsToday)
register_dashboard_panel(RollsToFinish)
register_dashboard_panel(RegistersToSign)


class RollMenuItem(MenuItem):
    def is_shown(self, request: SignedInRequest) -> bool:
        return takes_rolls(request.user)


@hooks.register("register_admin_menu_item")
def register_roll_menu_item() -> MenuItem:
    return RollMenuItem(
        _("Today's sessions"),
        reverse("attendance:today"),
        name="sessions-today",
        icon_name="lms-roll",
        order=50,
    )


@hooks.register("register_log_actions")
def name_actions(actions: LogActionRegistry) -> None:
    actions.register_action("attendance.create_session", _("Add session"), _("Session added"))
    actions.register_action(CHANGED, _("Edit session"), _("Session changed"))
    actions.register_action(SPLIT, _("Split session"), _("Session split"))
    actions.register_action(CANCELLED, _("Cancel session"), _("Session cancelled"))
    actions.register_action(SIGNED, _("Sign session"), _("Register of the session signed"))
    actions.register_action(SIGNED_RUN, _("Sign class"), _("Register of the class signed"))
    actions.register_action(CONFIRMED, _("Confirm class"), _("Register of the class confirmed"))
    actions.register_action(REMOVED, _("Remove session"), _("Session removed"))
