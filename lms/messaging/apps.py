from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "lms.messaging"
    label = "messaging"
    verbose_name = _("Ways to people")

    def ready(self) -> None:
        from lms.core.gauges import gauges  # noqa: PLC0415
        from lms.messaging import checks  # noqa: F401, PLC0415 (registers them)
        from lms.messaging.channels.mail import MailChannel  # noqa: PLC0415
        from lms.messaging.channels.short_messages import SmsChannel  # noqa: PLC0415
        from lms.messaging.channels.zalo import ZaloChannel  # noqa: PLC0415
        from lms.messaging.extensions import channels  # noqa: PLC0415
        from lms.messaging.gauges import GAUGES  # noqa: PLC0415

        channels.register(MailChannel(), SmsChannel(), ZaloChannel())
        gauges.register(*GAUGES)
