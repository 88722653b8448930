from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "lms.notifications"
    label = "notifications"
    verbose_name = _("Reminders")

    def ready(self) -> None:
        from lms.accounts.extensions import (  # noqa: PLC0415
            PersonFigure,
            PersonPage,
            person_figures,
            person_pages,
            personal_data,
        )
        from lms.core.gauges import gauges  # noqa: PLC0415
        from lms.core.quality import quality_checks  # noqa: PLC0415
        from lms.messaging.extensions import channels  # noqa: PLC0415
        from lms.notifications.domain.notices import unread_count  # noqa: PLC0415
        from lms.notifications.extensions import reminder_kinds  # noqa: PLC0415
        from lms.notifications.gauges import GAUGES  # noqa: PLC0415
        from lms.notifications.menu import register_navigation  # noqa: PLC0415
        from lms.notifications.permissions import REMINDER_ROLES  # noqa: PLC0415
        from lms.notifications.personal_data import PERSONAL_DATA  # noqa: PLC0415
        from lms.notifications.quality_checks import CHECKS  # noqa: PLC0415
        from lms.notifications.reminders import Unanswered  # noqa: PLC0415
        from lms.notifications.site_channels import PushChannel, SiteChannel  # noqa: PLC0415

        channels.register(SiteChannel(), PushChannel())
        reminder_kinds.register(Unanswered())
        person_figures.register(PersonFigure("unread_notices", unread_count))
        person_pages.register(
            PersonPage(
                "messages",
                _("Messages to this person"),
                "mail",
                url=lambda person: reverse("notices:timeline", args=(person.pk,)),
                is_open_to=lambda reader: bool(reader.scope.has_role(*REMINDER_ROLES)),
            )
        )
        quality_checks.register(*CHECKS)
        register_navigation()
        gauges.register(*GAUGES)
        personal_data.register(*PERSONAL_DATA)
