from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "lms.notifications"
    label = "notifications"
    verbose_name = _("Reminders")

    def ready(self) -> None:
        from lms.accounts.extensions import personal_data  # noqa: PLC0415
        from lms.core.gauges import gauges  # noqa: PLC0415
        from lms.notifications.gauges import GAUGES  # noqa: PLC0415
        from lms.notifications.personal_data import PERSONAL_DATA  # noqa: PLC0415

        gauges.register(*GAUGES)
        personal_data.register(*PERSONAL_DATA)
