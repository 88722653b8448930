"""On the front page of the Wagtail admin: that the last verified backup is too old."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.ops.age import backup_age, is_late
from lms.scoped_admin.dashboard import DashboardPanel


class LateBackup(DashboardPanel):
    """Shown only while it is late, and where the settings say what late is."""

    name = "ops_late_backup"
    order = 10
    roles = (Role.ADMINISTRATOR,)
    template_name = "ops/admin/late_backup.html"

    def context(self, user: User) -> dict[str, Any]:
        most = settings.SUITE_BACKUP_MAX_HOURS
        if not most:
            return {"late": False}
        age = backup_age(now=timezone.now())
        hours = None if age is None else int(age.total_seconds() // 3600)
        return {"late": is_late(age), "hours": hours, "most": most}
