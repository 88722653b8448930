from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnnouncementsConfig(AppConfig):
    name = "lms.announcements"
    label = "announcements"
    verbose_name = _("Announcements")

    def ready(self) -> None:
        from lms.accounts.extensions import personal_data  # noqa: PLC0415
        from lms.announcements.extensions import audiences  # noqa: PLC0415
        from lms.announcements.personal_data import PERSONAL_DATA  # noqa: PLC0415
        from lms.announcements.reminders import WrittenByHand  # noqa: PLC0415
        from lms.announcements.views.area_audience import AreaAudience  # noqa: PLC0415
        from lms.core.navigation import NavigationItem, navigation  # noqa: PLC0415
        from lms.notifications.extensions import reminder_kinds  # noqa: PLC0415
        from lms.notifications.permissions import SENDING_ROLES  # noqa: PLC0415

        navigation.register(
            NavigationItem(
                key="announcements",
                label=_("Announcements"),
                url_name="announcements:list",
                icon="send",
                order=45,
                is_visible=lambda user: user.scope.has_role(*SENDING_ROLES),
            )
        )
        audiences.register(AreaAudience())
        reminder_kinds.register(WrittenByHand())
        personal_data.register(*PERSONAL_DATA)
