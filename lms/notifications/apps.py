from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "lms.notifications"
    label = "notifications"
    verbose_name = _("Reminders")

    def ready(self) -> None:
        from lms.accounts.extensions import (  # noqa: PLC0415
            copy_rules,
            people_references,
            personal_records,
            retention_rules,
        )
        from lms.notifications.copies import copies_in_notifications  # noqa: PLC0415
        from lms.notifications.references import people_in_notifications, records_in_notifications  # noqa: PLC0415
        from lms.notifications.retention import retention_in_notifications  # noqa: PLC0415

        for reference in people_in_notifications():
            people_references.register(reference)
        for records in records_in_notifications():
            personal_records.register(records)
        for rule in retention_in_notifications():
            retention_rules.register(rule)
        for copied in copies_in_notifications():
            copy_rules.register(copied)
